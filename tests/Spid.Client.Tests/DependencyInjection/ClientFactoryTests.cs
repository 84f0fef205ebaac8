using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

internal sealed partial class ClientFactoryTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Create_PipelineRegisteredByTheUser_ReplacesOurs(bool before, CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        int runs = 0;
        if (before)
        {
            Register();
        }

        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        if (!before)
        {
            Register();
        }

        services.Spid.AnswerWith(number => number < 6 ? StubSpid.Error(503) : StubSpid.Token("token"));
        await using ServiceProvider provider = services.Build();

        ServerToken token = await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token"));
        Assert.That((runs, services.Spid.Count), Is.EqualTo((5, 6)), "ours would have given up after three attempts");

        void Register() => services.AddResiliencePipeline(SpidDiagnostics.PipelineName, builder => builder.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            Delay = TimeSpan.Zero,
            OnRetry = _ =>
            {
                runs++;
                return default;
            },
        }));
    }

    [Test]
    public async Task Create_PipelineBuiltOnOurs_RunsBoth(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        int runs = 0;
        services.Stub(services.AddSpidClientCredentials("named", ApiRig.CopyTo));
        services.AddResiliencePipeline($"{SpidDiagnostics.PipelineName}:named", builder =>
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                OnRetry = _ =>
                {
                    runs++;
                    return default;
                },
            });
            builder.AddSpidTokenResilience(new SpidResilienceOptions { RetryAttempts = 1, BackoffBase = TimeSpan.Zero });
        });
        services.Spid.AnswerWith(number => number < 4 ? StubSpid.Error(503) : StubSpid.Token("token"));
        await using ServiceProvider provider = services.Build();

        ServerToken token = await provider.GetRequiredKeyedService<TokenClient>("named").GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token"));
        Assert.That((runs, services.Spid.Count), Is.EqualTo((1, 4)));
    }

    [Test]
    public async Task Create_PipelineOfTheUserNeverEnds_TotalTimeoutHolds(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        var hanging = new TaskCompletionSource();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        services.AddResiliencePipeline(SpidDiagnostics.PipelineName, builder => builder.AddRetry(new RetryStrategyOptions { MaxRetryAttempts = int.MaxValue }));
        services.Spid.Answer = (_, _, token) =>
        {
            hanging.TrySetResult();
            return new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(token);
        };
        ServiceProvider provider = services.Build();

        Task<ServerToken> asking = provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken).AsTask();
        await hanging.Task.WaitAsync(cancellationToken);
        services.Time.Advance(TimeSpan.FromSeconds(16));

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => asking);
        Assert.That(exception!.Message, Is.EqualTo("https://identity-pre.schibsted.com/oauth/token could not be reached: it did not answer in time."));

        // Polly's registry looks once a second, by the clock of the test, whether the pipeline has ended.
        Task disposal = provider.DisposeAsync().AsTask();
        await Wait.UntilAsync(() =>
        {
            services.Time.Advance(TimeSpan.FromSeconds(1));
            return disposal.IsCompleted;
        });
    }

    [Test]
    public async Task Create_BackchannelCustomised_SendsThroughIt(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        var seen = new List<string>();
        services.Stub(services.AddSpidClientCredentials("named", ApiRig.CopyTo)).Backchannel
            .ConfigureHttpClient(http => http.DefaultRequestHeaders.Add("X-Proxy", "1"))
            .AddHttpMessageHandler(() => new NotingHandler(request => seen.Add($"{request.RequestUri} {string.Join(',', request.Headers.GetValues("X-Proxy"))}")));
        await using ServiceProvider provider = services.Build();

        await provider.GetRequiredKeyedService<TokenClient>("named").GetTokenAsync(cancellationToken);

        Assert.That(seen, Is.EqualTo(new[] { "https://identity-pre.schibsted.com/oauth/token 1" }));
    }

    [Test]
    public async Task Create_TimeProviderInTheContainer_IsTheClock(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();

        ServerToken first = await tokens.GetTokenAsync(cancellationToken);
        services.Time.Advance(TimeSpan.FromHours(1));
        ServerToken second = await tokens.GetTokenAsync(cancellationToken);

        Assert.That(first.ExpiresAt, Is.EqualTo(new DateTimeOffset(2026, 1, 1, 0, 15, 0, TimeSpan.Zero)));
        Assert.That(second.ExpiresAt, Is.EqualTo(new DateTimeOffset(2026, 1, 1, 1, 15, 0, TimeSpan.Zero)));
    }

    [Test]
    public void Create_BackchannelAsRegistered_FollowsNoRedirects()
    {
        var services = new ServiceCollection();
        services.AddSpidClientCredentials(ApiRig.CopyTo);
        using ServiceProvider provider = services.BuildServiceProvider();
        HttpMessageHandler? handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(SpidDiagnostics.BackchannelName);
        while (handler is DelegatingHandler outer)
        {
            handler = outer.InnerHandler;
        }

        var transport = handler as SocketsHttpHandler;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(transport?.AllowAutoRedirect, Is.False);
            Assert.That(transport?.UseCookies, Is.False);
            Assert.That(transport?.PooledConnectionLifetime, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(5)));
        }
    }
}
