using Microsoft.Extensions.Time.Testing;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Shared;

/// <summary>A <see cref="TokenClient"/> over a <see cref="StubSpid"/> and a clock that the test moves.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly HttpClient _httpClient;

    public TestClient(Action<SpidClientOptions>? configure = null)
    {
        SpidClientOptions options = Options();
        configure?.Invoke(options);
        _httpClient = new HttpClient(Spid, disposeHandler: false);
        Tokens = new TokenClient(options, _httpClient, Time);
    }

    public StubSpid Spid { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public TokenClient Tokens { get; }

    public static SpidClientOptions Options() => new()
    {
        Environment = SpidEnvironment.PreProduction,
        ClientId = "4e8463569caf7ca019000007",
        ClientSecret = "c2VjcmV0LWZvci10aGUtdGVzdHM",
        Scope = "read:messages",
    };

    /// <summary>Lets the first answer wait, and gives what releases it.</summary>
    public TaskCompletionSource HoldFirstAnswer()
    {
        var open = new TaskCompletionSource();
        Spid.Answer = async (number, _, _) =>
        {
            if (number == 1)
            {
                await open.Task;
            }

            return StubSpid.Token($"token-{number}");
        };
        return open;
    }

    /// <summary>Waits until the background work that a call set off has ended, without waiting for a clock.</summary>
    public async Task SettleAsync(int requests)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (Spid.Count < requests || Tokens.Cache.Default.IsFetching)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _httpClient.Dispose();
        Spid.Dispose();
    }
}
