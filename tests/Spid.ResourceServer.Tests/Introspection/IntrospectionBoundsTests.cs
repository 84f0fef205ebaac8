using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>Which calls are made, which are not, and what is said of those.</summary>
[CancelAfter(60_000)]
internal sealed partial class IntrospectionBoundsTests : IDisposable
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    private readonly VerifierRig _rig = new(Mode.Remote);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly VerifierTelemetry _telemetry;
    private readonly MetricCollector<long> _rejections;
    private readonly IntrospectionBounds _bounds;

    /// <summary>One call runs and one waits.</summary>
    public IntrospectionBoundsTests()
    {
        (_rig.Options.Introspection.MaximumConcurrency, _rig.Options.Introspection.MaximumQueue) = (1, 1);
        System.Diagnostics.Metrics.IMeterFactory meters = _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        _telemetry = new VerifierTelemetry("rig", meters);
        _rejections = new MetricCollector<long>(meters, SpidVerificationDiagnostics.MeterName, SpidVerificationDiagnostics.IntrospectionRejected);
        var settings = VerifierSettings.From("rig", _rig.Options);
        var parts = new VerifierParts { TimeProvider = _rig.Time, Logger = _rig.Logger, GetHttpClient = _rig.Parts.GetHttpClient, Telemetry = _telemetry };
        _bounds = new IntrospectionBounds(new IntrospectionEndpoint(settings, parts), settings, parts);
    }

    [Test]
    public async Task Call_PauseOfTheEndpoint_GivesItsErrorWithTheTimeLeftAndSendsNothing(CancellationToken cancellationToken)
    {
        _bounds.Health.Pause.Begin(new SpidException(SpidErrorKind.Throttled, "Too many.", statusCode: HttpStatusCode.TooManyRequests) { OAuthError = "too_many_requests" }, TimeSpan.FromSeconds(10));
        _rig.Time.Advance(TimeSpan.FromSeconds(3));

        SpidException error = (await CallAsync(cancellationToken)).ToException();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Kind, error.Message, error.SpidStatusCode), Is.EqualTo((SpidErrorKind.Throttled, "Too many.", (HttpStatusCode?)HttpStatusCode.TooManyRequests)));
            Assert.That((error.OAuthError, error.RetryAfter), Is.EqualTo(("too_many_requests", (TimeSpan?)TimeSpan.FromSeconds(7))));
            Assert.That(_rig.Spid.Introspections, Is.Zero);
            Assert.That(Rejections(), Is.EqualTo(new[] { "breaker" }));
        }
    }

    [Test]
    public async Task Call_PauseWhileTheGateIsFull_GivesItsErrorWithoutAWait(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome>[] accepted = [CallAsync(cancellationToken), CallAsync(cancellationToken)];
        _bounds.Health.Pause.Begin(new SpidException(SpidErrorKind.Throttled, "Too many."), TimeSpan.FromSeconds(10));

        SpidException error = (await CallAsync(cancellationToken)).ToException();

        Assert.That((error.Kind, error.RetryAfter), Is.EqualTo((SpidErrorKind.Throttled, (TimeSpan?)TimeSpan.FromSeconds(10))));
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await accepted[0];
        Assert.That((await accepted[1]).Reason, Is.EqualTo(SpidVerificationReason.Throttled));
    }

    [Test(Description = "Those that waited must not go on where those before them were sent away")]
    public async Task Call_PauseBeginsWhileItWaits_GivesItsErrorAndSendsNothing(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome> running = CallAsync(cancellationToken);
        Task<IntrospectionOutcome> waiting = CallAsync(cancellationToken);

        HttpResponseMessage throttled = StubSpid.Status(HttpStatusCode.TooManyRequests);
        throttled.Headers.Add("Retry-After", "20");
        answer.SetResult(throttled);
        Assert.That((await running).Reason, Is.EqualTo(SpidVerificationReason.Throttled));
        SpidException error = (await waiting).ToException();

        Assert.That((error.Kind, error.RetryAfter, _rig.Spid.Introspections), Is.EqualTo((SpidErrorKind.Throttled, (TimeSpan?)TimeSpan.FromSeconds(20), 1)));
        Assert.That(Rejections(), Is.EqualTo(new[] { "breaker" }));
    }

    [Test]
    public async Task Call_TenFailures_CircuitOpensForTheBreakDuration(CancellationToken cancellationToken)
    {
        await BreakAsync(cancellationToken);
        IntrospectionOutcome atOnce = await CallAsync(cancellationToken);
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        _rig.Time.WallClockError = TimeSpan.FromDays(-1);

        IntrospectionOutcome later = await CallAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((atOnce.Reason, atOnce.RetryAfter), Is.EqualTo((SpidVerificationReason.CircuitOpen, (TimeSpan?)BreakDuration)));
            Assert.That((later.Reason, later.RetryAfter), Is.EqualTo((SpidVerificationReason.CircuitOpen, (TimeSpan?)TimeSpan.FromSeconds(3))));
            Assert.That(_rig.Spid.Introspections, Is.EqualTo(10));
            Assert.That(Rejections(), Is.EqualTo(new[] { "breaker", "breaker" }));
            Assert.That(_bounds.Health.Break.Current?.Left, Is.EqualTo(TimeSpan.FromSeconds(3)));
        }
    }

    [Test]
    public async Task Call_AfterTheBreak_GoesThrough(CancellationToken cancellationToken)
    {
        await BreakAsync(cancellationToken);
        _rig.AnswerActive();

        _rig.Time.Advance(BreakDuration);

        Assert.That((await CallAsync(cancellationToken)).Answer?.IsActive, Is.True);
    }

    [Test]
    public async Task Call_NineFailures_TenthCallIsMade(CancellationToken cancellationToken)
    {
        await FailAsync(9, cancellationToken);
        _rig.AnswerActive();

        Assert.That((await CallAsync(cancellationToken)).Answer?.IsActive, Is.True);
    }

    [Test]
    public async Task Call_TimeIsUpDuringTheCall_IsAFailureOfTheEndpoint(CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource();
        _rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        Task<IntrospectionOutcome> call = CallAsync(time.Token, cancellationToken);
        await Wait.UntilAsync(() => _rig.Spid.Introspections == 1, cancellationToken);

        await time.CancelAsync();

        Assert.That((await call).Error?.Kind, Is.EqualTo(SpidErrorKind.Transient));
    }

    public void Dispose()
    {
        _bounds.Dispose();
        _rejections.Dispose();
        _telemetry.Dispose();
        _services.Dispose();
        _rig.Dispose();
    }

    private Task<IntrospectionOutcome> CallAsync(CancellationToken cancellationToken) => CallAsync(CancellationToken.None, cancellationToken);

    private Task<IntrospectionOutcome> CallAsync(CancellationToken timeoutToken, CancellationToken callerToken) =>
        _bounds.CallAsync("token", timeoutToken, callerToken);

    /// <summary>Lets a call end however it does.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private string[] Rejections() => [.. _rejections.GetMeasurementSnapshot().Select(measurement => $"{measurement.Tags[SpidVerificationDiagnostics.CauseTag]}")];

    private Task BreakAsync(CancellationToken cancellationToken) => FailAsync(10, cancellationToken);

    private async Task FailAsync(int calls, CancellationToken cancellationToken)
    {
        _rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));
        for (int call = 0; call < calls; call++)
        {
            await EndAsync(cancellationToken);
        }
    }

    /// <summary>Lets calls wait for an answer.</summary>
    private TaskCompletionSource<HttpResponseMessage> HoldAnswers()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _rig.Spid.Introspect = (_, _) => answer.Task;
        return answer;
    }
}
