using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.ResourceServer.Verification;
using Spid.Testing;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>The token of a look-up stands in an address, and addresses get written down everywhere.</summary>
[CancelAfter(60_000)]
internal sealed class LookUpAddressesTests
{
    private readonly ConcurrentQueue<string> _seen = new();

    [Test(Description = "Edge case 89, V45, V46: looked-up tokens stay out of logs at Trace, spans and event sources, over a socket")]
    public async Task VerifyAsync_EverythingWrittenDown_NoTokenInIt(CancellationToken cancellationToken)
    {
        await using SpidServer spid = await SpidServer.StartAsync(cancellationToken: cancellationToken);
        using ActivityListener activities = ListenToActivities();
        using var events = new Events(_seen);
        var logs = new FakeLogCollector();
        using IHost host = CreateHost(spid, logs);
        ISpidTokenVerifier verifier = host.Services.GetRequiredService<ISpidTokenVerifier>();
        string good = spid.Issue(new SpidTokenSpec { Kind = SpidTokenKind.Opaque });
        string[] tokens = [good, .. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid().ToString("N"))];

        SpidVerificationResult accepted = await verifier.VerifyAsync(good.AsMemory(), cancellationToken);
        SpidVerificationResult unknown = await verifier.VerifyAsync(tokens[1].AsMemory(), cancellationToken);
        spid.Faults.Next(SpidEndpoint.TokenStatus, SpidFault.Status(500));
        SpidVerificationResult failed = await verifier.VerifyAsync(tokens[2].AsMemory(), cancellationToken);
        spid.Faults.Next(SpidEndpoint.TokenStatus, SpidFault.DroppedConnection());
        SpidVerificationResult dropped = await verifier.VerifyAsync(tokens[3].AsMemory(), cancellationToken);

        Assert.That((accepted.Reason, unknown.Reason, failed.Reason, dropped.Reason), Is.EqualTo((None, NotActive, IntrospectionFailed, IntrospectionFailed)));
        Assert.That(accepted.Token.ClientId, Is.EqualTo(spid.ClientId));
        string[] lines = [.. _seen, .. logs.GetSnapshot().Select(line => $"{line.Message} {line.Exception} {string.Join(' ', line.StructuredState ?? [])} {string.Join(' ', line.Scopes)}")];
        Assert.That(lines, Has.Some.Contains("/api/2/token"), "addresses are written down");
        Assert.That(_seen, Has.Some.StartsWith("System.Net.Http RequestStart"));
        foreach (string token in tokens)
        {
            Assert.That(lines, Has.None.Contains(token));
        }
    }

    private static IHost CreateHost(SpidServer spid, FakeLogCollector logs)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(logs));
        builder.Services.AddSpidTokenVerifier(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (spid.BaseAddress, spid.ClientId, spid.ClientSecret);
            (options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidAudienceCheck.None, true);

            // Real time over a real socket: a busy machine may take long for its first connection.
            options.Introspection.Timeout = TimeSpan.FromSeconds(20);
        });
        return builder.Build();
    }

    private ActivityListener ListenToActivities()
    {
        // The server runs in this process too, and it may know its own addresses.
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name != "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _seen.Enqueue(
                $"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(happened => happened.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Events(ConcurrentQueue<string> seen) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.NameResolution" or "System.Net.Sockets")
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            seen.Enqueue($"{eventData.EventSource.Name} {eventData.EventName} {string.Join(' ', eventData.Payload ?? [])}");
    }
}
