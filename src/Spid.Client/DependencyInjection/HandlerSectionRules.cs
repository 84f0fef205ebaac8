using Spid.Client.Http;

namespace Spid.Client.DependencyInjection;

/// <summary>What a configuration section of a token handler may hold.</summary>
internal static class HandlerSectionRules
{
    public static SectionRules Instance { get; } = SectionRules.Of<SpidTokenHandlerOptions>()
        .WithHint(nameof(SpidTokenHandlerOptions.Scope), "write scopes with spaces between them");
}
