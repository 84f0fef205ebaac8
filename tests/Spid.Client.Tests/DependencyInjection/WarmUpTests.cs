using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.DependencyInjection;

[CancelAfter(60_000)]
internal sealed class WarmUpTests
{
    [Test]
    public async Task StartAsync_WarmUp_HasTheTokenBeforeOtherHostedServicesStart(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        var other = new CountingService(spid);
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSingleton<IHostedService>(other);
        Add(builder, "", spid, warmUp: true);
        Add(builder, "named", spid, warmUp: true);
        Add(builder, "cold", spid, warmUp: false);
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(other.RequestsAtStart, Is.EqualTo(2));
        Assert.That(spid.Count, Is.EqualTo(2));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StartAsync_WarmUpFails_StartsAllTheSameAndSaysSo(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        spid.AnswerWith(_ => StubSpid.Error(400, "invalid_client"));
        var other = new CountingService(spid);
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSingleton<IHostedService>(other);
        Add(builder, "named", spid, warmUp: true);
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(other.RequestsAtStart, Is.EqualTo(1));
        Assert.That(
            host.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message),
            Has.Member("SPiD client 'named' has no token after warm-up: Configuration, error code invalid_client. The host starts all the same, and the attempts go on."));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StartAsync_SpidComesBackAfterAFailedWarmUp_ObtainsTheTokenWithoutTraffic(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        var second = new TaskCompletionSource();
        spid.AnswerWith(number =>
        {
            if (number == 1)
            {
                return StubSpid.Error(400, "invalid_client");
            }

            second.TrySetResult();
            return StubSpid.Token("late");
        });
        var time = new FakeTimeProvider();
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSingleton<TimeProvider>(time);
        Add(builder, "named", spid, warmUp: true);
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);
        time.Advance(TimeSpan.FromSeconds(30));
        await second.Task.WaitAsync(cancellationToken);

        Assert.That(spid.Count, Is.EqualTo(2));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StopAsync_WarmUpStillFailing_StopsTheAttempts(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        spid.AnswerWith(_ => StubSpid.Error(400, "invalid_client"));
        var time = new FakeTimeProvider();
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSingleton<TimeProvider>(time);
        Add(builder, "named", spid, warmUp: true);
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);

        await host.StopAsync(cancellationToken);
        time.Advance(TimeSpan.FromHours(1));

        Assert.That(spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_StartCancelledDuringWarmUp_ThrowsCancellation(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        spid.Answer = async (_, _, token) =>
        {
            await starting.CancelAsync();
            return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(token);
        };
        HostApplicationBuilder builder = CreateHost();
        Add(builder, "", spid, warmUp: true);
        using IHost host = builder.Build();

        Assert.That(async () => await host.StartAsync(starting.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static HostApplicationBuilder CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFakeLogging();
        return builder;
    }

    private static void Add(HostApplicationBuilder builder, string name, StubSpid spid, bool warmUp) =>
        builder.Services.AddSpidClientCredentials(name, options =>
        {
            ApiRig.CopyTo(options);
            options.WarmUp = warmUp;
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(() => spid);

    private sealed class CountingService(StubSpid spid) : IHostedService
    {
        public int RequestsAtStart { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            RequestsAtStart = spid.Count;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
