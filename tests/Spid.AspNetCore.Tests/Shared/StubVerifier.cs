using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Tests.Shared;

/// <summary>A verifier that always comes to the same result.</summary>
internal sealed class StubVerifier(SpidVerificationResult result) : ISpidTokenVerifier
{
    public List<string> Tokens { get; } = [];

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken) => VerifyAsync(token, null, cancellationToken);

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, SpidTokenRequirements? requirements = null, CancellationToken cancellationToken = default)
    {
        Tokens.Add(token.ToString());
        return new(result);
    }

    public ValueTask EvictAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken = default) => default;

    public ValueTask EvictClientAsync(string clientId, CancellationToken cancellationToken = default) => default;
}
