using System.Collections.Concurrent;
using System.Diagnostics;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Keeps the spans that the platform makes of requests to one server.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Activity _caller = new Activity("caller").Start();

    public SpanRecorder(Uri server)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("server.port") is int port && port == server.Port)
                {
                    OfThePlatform.Enqueue(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<string> OfThePlatform { get; } = new();

    public void Dispose()
    {
        _listener.Dispose();
        _caller.Dispose();
    }
}
