using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Reliability;

/// <summary>Loggers, listeners, strategies and handlers of the application block, throw, ignore cancellations, or use the client themselves.</summary>
[CancelAfter(120_000)]
internal sealed partial class ForeignCodeTests
{
    private const int TokenObtained = 11;
    private const int RenewalPaused = 18;

    [Test(Description = "A22")]
    public async Task RenewTokenAsync_LoggerBlocksAtRenewalPaused_CallersWithAValidTokenAreServed(CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        int inside = 0;
        using var client = new DrivenClient(loggerFactory: new HookedLoggerFactory(line =>
        {
            if (line.Id == RenewalPaused)
            {
                Interlocked.Increment(ref inside);
                blocked.Wait(cancellationToken);
            }
        }));
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken? second = await client.Tokens.RenewTokenAsync(first, cancellationToken);
        var pausing = Task.Run(async () => await client.Tokens.RenewTokenAsync(second!, cancellationToken), cancellationToken);
        await Wait.UntilAsync(() => Volatile.Read(ref inside) == 1);

        var answered = Task.Run(async () => await client.Tokens.RenewTokenAsync(first, cancellationToken), cancellationToken);
        await Wait.UntilAsync(() => answered.IsCompleted);
        client.Time.Advance(TimeSpan.FromSeconds(850));
        var served = Task.Run(async () => await client.Tokens.GetTokenAsync(cancellationToken), cancellationToken);
        await Wait.UntilAsync(() => served.IsCompleted && client.Spid.Count == 3);
        blocked.Set();

        Assert.That((await served, await answered, await pausing), Is.EqualTo((second, second, (ServerToken?)null)));
    }

    [Test(Description = "A22")]
    public async Task GetTokenAsync_LoggerUsesTheSameClientAtEachLine_EverythingEnds([Values] bool succeeds, CancellationToken cancellationToken)
    {
        var logger = new UsingLogger();
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0, new HookedLoggerFactory(logger.React));
        logger.Use = () => client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        client.Spid.AnswerWith(number => succeeds ? StubSpid.Token($"token-{number}", 1) : StubSpid.Error(503));

        SpidException? failure = await client.FailureAsync();
        client.Time.Advance(TimeSpan.FromSeconds(1));
        await client.FailureAsync();

        Assert.That(failure is null, Is.EqualTo(succeeds));
        Assert.That(logger.Uses, Is.GreaterThan(0));
        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(3));
    }

    [Test(Description = "A22")]
    public async Task RenewTokenAsync_LoggerUsesTheSameClientAtEachLine_EverythingEnds(CancellationToken cancellationToken)
    {
        var logger = new UsingLogger();
        using var client = new DrivenClient(loggerFactory: new HookedLoggerFactory(logger.React));
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken? second = await client.Tokens.RenewTokenAsync(first, cancellationToken);
        logger.Use = () => client.Tokens.RenewTokenAsync(second!, cancellationToken).AsTask();

        ServerToken? paused = await client.Tokens.RenewTokenAsync(second!, cancellationToken);

        Assert.That(paused, Is.Null);
        Assert.That(logger.Uses, Is.EqualTo(1));
    }

    [Test(Description = "A22: the container makes the client under a lock")]
    public async Task GetTokenAsync_LoggerResolvesTheClientAtItsFirstLine_Ends(CancellationToken cancellationToken)
    {
        var logger = new UsingLogger();
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(options => (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, "id", "secret")));
        services.AddSingleton<ILoggerProvider>(_ => new HookedLoggerFactory(line =>
        {
            if (line.Name?.StartsWith("Client", StringComparison.Ordinal) == true)
            {
                logger.React(line);
            }
        }));
        await using ServiceProvider provider = services.Build();
        logger.Use = () => provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken).AsTask();

        ServerToken token = await provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-1"));
        Assert.That(logger.Uses, Is.EqualTo(1));
    }

    [Test(Description = "A22 A24")]
    public async Task GetTokenAsync_LoggerBlocksAfterAGoodAnswer_OthersGetTheTokenAtOnceAndWaitersAtTheTimeout(CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        int inside = 0;
        using var client = new DrivenClient(loggerFactory: new HookedLoggerFactory(line =>
        {
            if (line.Id == TokenObtained)
            {
                Interlocked.Increment(ref inside);
                blocked.Wait(cancellationToken);
            }
        }));
        Task<ServerToken> waiter = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => Volatile.Read(ref inside) == 1);

        ValueTask<ServerToken> other = client.Tokens.GetTokenAsync(cancellationToken);
        bool atOnce = other.IsCompleted;
        bool waits = !waiter.IsCompleted;
        client.Time.Advance(client.Options.Resilience.Timeout);
        ServerToken token = await waiter;
        blocked.Set();

        Assert.That((atOnce, waits), Is.EqualTo((true, true)));
        Assert.That(await other, Is.SameAs(token));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "A23")]
    public async Task GetTokenAsync_LoggerThrowsAtEachLine_TokenIsServedAndKept([Values] bool cached, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(loggerFactory: new HookedLoggerFactory(_ => throw new InvalidOperationException("The log cannot be written.")));

        ServerToken token = cached ? await client.Tokens.GetTokenAsync(cancellationToken) : await client.Tokens.RequestTokenAsync(cancellationToken);
        await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken? renewed = await client.Tokens.RenewTokenAsync(await client.Tokens.GetTokenAsync(cancellationToken), cancellationToken);
        ServerToken? paused = await client.Tokens.RenewTokenAsync(renewed!, cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-1"));
        Assert.That((renewed, paused), Is.EqualTo((await client.Tokens.GetTokenAsync(cancellationToken), (ServerToken?)null)));
        Assert.That(client.Spid.Count, Is.EqualTo(cached ? 2 : 3));
    }

    [Test(Description = "A23")]
    public async Task GetTokenAsync_LoggerThrowsAtEachLine_FailureIsThatOfSpid()
    {
        using var client = new DrivenClient(loggerFactory: new HookedLoggerFactory(_ => throw new InvalidOperationException("The log cannot be written.")));
        client.Spid.AnswerWith(_ => StubSpid.Error(503));

        SpidException? failure = await client.FailureAsync();

        Assert.That((failure?.Kind, (int?)failure?.SpidStatusCode), Is.EqualTo((SpidErrorKind.Transient, 503)));
        Assert.That(client.Spid.Count, Is.EqualTo(3), "Polly's lines change nothing either");
    }

    [Test(Description = "A23")]
    public async Task GetTokenAsync_LoggersOfTheHostThrow_TokenIsServed(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(options => (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, "id", "secret")));
        services.AddSingleton<ILoggerProvider>(_ => new HookedLoggerFactory(_ => throw new InvalidOperationException("The log cannot be written.")));
        await using ServiceProvider provider = services.Build();

        ServerToken token = await provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);
        ServerToken again = await provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

        Assert.That(again, Is.SameAs(token));
    }

    /// <summary>A logger that sends its lines through a client. What that client logs on the way is not sent again.</summary>
    private sealed class UsingLogger
    {
        private readonly ThreadLocal<bool> _isInside = new();
        private int _uses;

        public Func<Task>? Use { get; set; }

        public int Uses => Volatile.Read(ref _uses);

        public void React(EventId line)
        {
            // Lines that are written while a request is under way, such as Polly's, cannot be sent through that request.
            if (Use is null || _isInside.Value || line.Name is null || !Array.Exists(Names, name => name == line.Name))
            {
                return;
            }

            _isInside.Value = true;
            try
            {
                Interlocked.Increment(ref _uses);
                Use().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
            }
            finally
            {
                _isInside.Value = false;
            }
        }

        private static readonly string[] Names = ["ClientConfigured", "TokenObtained", "TokenRequestFailed", "TokenRefreshFailed", "RenewalPaused"];
    }
}
