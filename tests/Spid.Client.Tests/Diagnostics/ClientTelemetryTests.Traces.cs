using System.Collections.Concurrent;
using System.Diagnostics;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Diagnostics;

/// <content>Traces. Listeners see the whole process, so each test looks at the spans that link to its own.</content>
internal sealed partial class ClientTelemetryTests
{
    [Test]
    public async Task Fetch_UnderACallersSpan_IsARootLinkedToIt(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var spans = new SpanCollector();
        using Activity caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("user", "someone").Start();

        await client.Tokens.GetTokenAsync(cancellationToken);
        caller.Stop();

        Activity fetch = spans.LinkedTo(caller);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((fetch.OperationName, fetch.Kind, fetch.Status), Is.EqualTo(("spid.token.request", ActivityKind.Client, ActivityStatusCode.Ok)));
            Assert.That(fetch.Source.Name, Is.EqualTo(SpidDiagnostics.ActivitySourceName));
            Assert.That(fetch.ParentId, Is.Null);
            Assert.That(fetch.TraceId, Is.Not.EqualTo(caller.TraceId));
            Assert.That(fetch.Baggage, Is.Empty);
            Assert.That(
                fetch.TagObjects,
                Is.EquivalentTo(new Dictionary<string, object?> { ["spid.client.name"] = "", ["spid.outcome"] = "success", ["spid.reason"] = "miss" }));
        }
    }

    [Test]
    public async Task Fetch_Failing_HasErrorStatusAndCode(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(400, "invalid_client"));
        using var spans = new SpanCollector();
        using Activity caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        await Assert.ThrowsAsync<SpidException>(async () => await client.Tokens.GetTokenAsync(cancellationToken));

        Activity fetch = spans.LinkedTo(caller);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fetch.Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(fetch.GetTagItem("error.type"), Is.EqualTo("invalid_client"));
            Assert.That(fetch.GetTagItem("spid.outcome"), Is.EqualTo("configuration"));
        }
    }

    [Test]
    public async Task Fetch_UnderACallersContext_SeesNoneOfIt(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var ambient = new AsyncLocal<string>();
        string? seen = "unset";
        Activity? current = null;
        client.Spid.AnswerWith(_ =>
        {
            seen = ambient.Value;
            current = Activity.Current;
            return StubSpid.Token("token");
        });
        ambient.Value = "of the caller";
        using Activity caller = new Activity("caller").Start();

        await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(seen, Is.Null);
        Assert.That(current?.RootId, Is.Not.EqualTo(caller.RootId));
        Assert.That(Activity.Current, Is.SameAs(caller));
    }

    private sealed class SpanCollector : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _stopped = new();
        private readonly ActivityListener _listener;

        public SpanCollector()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SpidDiagnostics.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity LinkedTo(Activity starter) =>
            _stopped.Single(activity => activity.Links.Any(link => link.Context.SpanId == starter.SpanId));

        public void Dispose() => _listener.Dispose();
    }
}
