using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>Polly logs results as objects, and sinks that write objects out read their public properties.</summary>
[CancelAfter(60_000)]
internal sealed class TokenAnswerTests
{
    [Test]
    public async Task AccessToken_StateOfLogEntriesWrittenOutByProperty_HasNoToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var sink = new PropertySink();
        rig.Services.AddSingleton<ILoggerProvider>(sink);
        rig.Spid.AnswerWith(_ => StubSpid.Token(Canary.Token));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(sink.Written, Has.Some.Contains("TokenAnswer"));
        Canary.AssertAbsent(string.Join('\n', sink.Written));
    }

    [Test(Description = "Issue 11, kind 12: a scope is text of the server, which may echo a secret")]
    public async Task Scope_StateOfLogEntriesWrittenOutByProperty_HasNothingThatSpidWrote(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var sink = new PropertySink();
        rig.Services.AddSingleton<ILoggerProvider>(sink);
        rig.Spid.AnswerWith(_ => StubSpid.Json(System.Net.HttpStatusCode.OK, $$"""{"access_token":"token","expires_in":900,"scope":"{{Canary.Secret}}"}"""));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(sink.Written, Has.Some.Contains("TokenAnswer"));
        Canary.AssertAbsent(string.Join('\n', sink.Written));
    }

    /// <summary>Writes each value of an entry's state, and one level of its public properties.</summary>
    private sealed class PropertySink : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            foreach (object value in (state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(pair => pair.Value).OfType<object>())
            {
                IEnumerable<string> properties = value.GetType().GetProperties()
                    .Where(property => property.GetIndexParameters().Length == 0)
                    .Select(property => $"{property.Name}={property.GetValue(value)}");
                Written.Enqueue(value is string text ? text : $"{value} {string.Join(' ', properties)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
