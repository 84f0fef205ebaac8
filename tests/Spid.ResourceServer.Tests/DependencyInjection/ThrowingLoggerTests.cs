using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>What a logger of the application throws is not the caller's business.</summary>
[CancelAfter(60_000)]
internal sealed class ThrowingLoggerTests
{
    [TestCase(HttpStatusCode.InternalServerError, SpidVerificationReason.IntrospectionFailed)]
    [TestCase(HttpStatusCode.Unauthorized, SpidVerificationReason.CredentialsRefused)]
    public async Task VerifyAsync_LoggerThrows_OutcomeIsTheSame(HttpStatusCode status, SpidVerificationReason reason)
    {
        using var spid = new StubSpid { Introspect = (_, _) => Task.FromResult(StubSpid.Status(status)) };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ThrowingProvider()));
        services.AddSpidTokenVerifier(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (new Uri("https://spid.test"), Forge.ClientId, VerifierRig.ClientSecret);
            options.Audiences.Add(Forge.Audience);
            options.Issuers.Add(Forge.Issuer);
            options.Mode = SpidVerificationMode.Remote;
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(() => spid);
        await using ServiceProvider provider = services.BuildServiceProvider();

        SpidVerificationResult result = await provider.GetRequiredService<ISpidTokenVerifier>()
            .VerifyAsync(Forge.CreateUsual().Sign(TimeProvider.System.GetUtcNow()).AsMemory());

        Assert.That(result.Reason, Is.EqualTo(reason));
    }

    /// <summary>Throws at the lines of this library.</summary>
    private sealed class ThrowingProvider : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new ThrowingLogger(categoryName.StartsWith("Spid", StringComparison.Ordinal));

        public void Dispose()
        {
        }
    }

    private sealed class ThrowingLogger(bool throws) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (throws)
            {
                throw new InvalidOperationException("The sink is full.");
            }
        }
    }
}
