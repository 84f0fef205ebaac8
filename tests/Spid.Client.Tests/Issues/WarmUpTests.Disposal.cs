using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>A host that fails to start is disposed without being stopped; what goes on in the background ends all the same.</summary>
[CancelAfter(60_000)]
internal sealed class WarmUpTests
{
    [Test]
    public async Task Dispose_NeverStopped_EndsTheAttemptsAndLeavesNoTimer(CancellationToken cancellationToken)
    {
        var time = new ObservedTime(new SpidResilienceOptions());
        var services = new SpidServices();
        services.AddSingleton<TimeProvider>(time);
        ServiceProvider provider = Build(services);
        await WarmUpOf(provider).StartingAsync(cancellationToken);
        int before = time.Timers;

        await provider.DisposeAsync();

        Assert.That(before, Is.EqualTo(1));
        Assert.That(time.Timers, Is.Zero);
        Assert.That(services.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    [NonParallelizable] // It listens to the whole process.
    public async Task Dispose_ClientGoesFirstDuringAnAttempt_LeavesNothingUnobserved(CancellationToken cancellationToken)
    {
        IReadOnlyList<Exception> unobserved = await Unobserved.AfterAsync(() => DisposeDuringAnAttemptAsync(cancellationToken));

        Assert.That(unobserved, Has.None.InstanceOf<ObjectDisposedException>());
    }

    private static async Task DisposeDuringAnAttemptAsync(CancellationToken cancellationToken)
    {
        var services = new SpidServices();

        // The factory of the platform has timers, which would keep everything from being collected.
        services.AddSingleton<IHttpClientFactory>(new PlainFactory(services.Spid));
        ServiceProvider provider = Build(services);
        IHostedLifecycleService warmUp = WarmUpOf(provider);
        await warmUp.StartingAsync(cancellationToken);
        services.Spid.Answer = (_, _, stopping) => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(stopping);
        services.Time.Advance(TimeSpan.FromMinutes(1));
        await Wait.UntilAsync(() => services.Spid.Count == 2);

        // Resolved by the warm-up, the client was made after it and is disposed before it.
        await provider.DisposeAsync();
        for (int turn = 0; turn < 10_000; turn++)
        {
            await Task.Yield();
        }
    }

    private static ServiceProvider Build(SpidServices services)
    {
        services.Spid.AnswerWith(_ => StubSpid.Error(503));
        services.Stub(services.AddSpidClientCredentials(options =>
        {
            ApiRig.CopyTo(options);
            options.WarmUp = true;
            options.Resilience.RetryAttempts = 0;
        }));
        return services.Build();
    }

    private static IHostedLifecycleService WarmUpOf(ServiceProvider provider) =>
        provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();

    private sealed class PlainFactory(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
