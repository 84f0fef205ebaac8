using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <content>Scopes that were most likely meant to be several.</content>
internal sealed partial class TokenClientTests
{
    [TestCase("read:messages,write:messages", null, 1)]
    [TestCase("read:messages, write:messages", null, 1)]
    [TestCase("read:messages write:messages", "a,b", 1)]
    [TestCase("a,b", "c,d", 1, Description = "said once for a client")]
    [TestCase("read:messages write:messages", null, 0)]
    [TestCase(null, null, 0)]
    [Test(Description = "RFC 6749 section 3.3: a comma belongs to the scope, so that it is sent")]
    public async Task GetTokenAsync_ScopeWithAComma_IsSentAndSaidAtWarningOnce(string? scope, string? other, int warnings, CancellationToken cancellationToken)
    {
        using var logs = new FakeLoggerProvider();
        using var loggers = new LoggerFactory([logs]);
        using var client = new DrivenClient(options => options.Scope = scope, loggers);

        await client.Tokens.GetTokenAsync(cancellationToken);
        await client.Tokens.GetTokenAsync(new TokenRequest(other), cancellationToken);
        await client.Tokens.RequestTokenAsync(cancellationToken);

        FakeLogRecord[] said = [.. logs.Collector.GetSnapshot().Where(record => record.Id.Name == "ScopeHasComma")];
        Assert.That(said, Has.Length.EqualTo(warnings).And.All.Property(nameof(FakeLogRecord.Level)).EqualTo(LogLevel.Warning));
        Assert.That(client.Spid.Forms.First(), scope is null ? Does.Not.Contain("scope=") : Does.Contain("scope=" + Uri.EscapeDataString(scope).Replace("%20", "+", StringComparison.Ordinal)));
    }
}
