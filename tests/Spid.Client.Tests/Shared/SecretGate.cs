namespace Spid.Client.Tests.Shared;

/// <summary>Refuses every client authentication but one, and counts the refusals.</summary>
internal sealed class SecretGate(HttpMessageHandler inner, string accepted) : DelegatingHandler(inner)
{
    private int _refused;

    public int Refused => Volatile.Read(ref _refused);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization?.ToString() == accepted)
        {
            return base.SendAsync(request, cancellationToken);
        }

        Interlocked.Increment(ref _refused);
        return Task.FromResult(StubSpid.Error(401, "invalid_client"));
    }
}
