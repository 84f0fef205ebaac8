using Microsoft.Extensions.Time.Testing;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Shared;

/// <summary>A <see cref="TokenClient"/> over real sockets with the built-in backchannel, and a clock that the test moves.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly HttpClient _httpClient;

    public SocketClient(Uri authority, Action<SpidClientOptions>? configure = null, HttpMessageHandler? handler = null)
    {
        var options = new SpidClientOptions
        {
            Authority = authority,
            ClientId = MockSpid.ClientId,
            ClientSecret = Canary.Secret,
            Resilience = { RetryAttempts = 0 },
        };
        configure?.Invoke(options);
        _httpClient = handler is null ? Backchannel.CreateClient() : new HttpClient(handler);
        Tokens = new TokenClient(options, _httpClient, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public TokenClient Tokens { get; }

    /// <summary>Asks the cache, and checks what every failure promises: its type, nothing cached, nothing told.</summary>
    public async Task<SpidException> FailAsync(SpidErrorKind kind, CancellationToken cancellationToken)
    {
        SpidException? failure = null;
        try
        {
            await Tokens.GetTokenAsync(cancellationToken);
        }
        catch (SpidException exception)
        {
            failure = exception;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure?.Kind, Is.EqualTo(kind), failure?.ToString());
            Assert.That(Tokens.Cache.Default.SecondsLeft, Is.Null);
            Canary.AssertAbsent(failure?.ToString());
        }

        return failure!;
    }

    /// <summary>Asks the cache and expects no answer for lack of a network.</summary>
    public async Task<SpidException> FailToReachAsync(HttpRequestError error, CancellationToken cancellationToken)
    {
        SpidException failure = await FailAsync(SpidErrorKind.Transient, cancellationToken);
        Assert.That(failure.Message, Does.Contain($"could not be reached: the connection failed ({error})."));
        Assert.That(failure.StatusCode, Is.Null);
        return failure;
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _httpClient.Dispose();
    }
}
