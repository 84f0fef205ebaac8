using System.Diagnostics;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>Fetches the key set once. Every way in which that can fail leaves as a <see cref="SpidException"/>.</summary>
internal sealed class JwksEndpoint(VerifierSettings settings, VerifierParts parts)
{
    private readonly JwksReader _reader = new(settings.Algorithms);

    public async Task<JwksAnswer> FetchAsync(CancellationToken cancellationToken)
    {
        using CallSpan span = VerifierTelemetry.Start("spid.jwks.fetch", ActivityKind.Client);
        var request = new HttpRequestMessage(HttpMethod.Get, settings.JwksEndpoint);
        RequestHeaders.AddTo(request, settings.SendOidcHeader);
        using var limit = new CancellationTokenSource(settings.Keys.Timeout, parts.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var exchange = new Exchange<JwksAnswer>(parts.GetHttpClient(), request, _reader.Read, parts.TimeProvider) { Limit = JwksReader.MaximumSize, UsesOtherThread = true };
            JwksAnswer answer = await exchange.SendAsync(either.Token).ConfigureAwait(false);
            span.SetStatus(ActivityStatusCode.Ok);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            span.SetStatus(ActivityStatusCode.Error);
            throw Failures.Unreachable(settings.JwksEndpoint, "it did not answer in time");
        }
        catch (SpidException)
        {
            span.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
