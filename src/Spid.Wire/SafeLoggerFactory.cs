using Microsoft.Extensions.Logging;

namespace Spid.Wire;

/// <summary>Gives loggers that throw nothing to libraries that log on our behalf, such as Polly.</summary>
internal sealed class SafeLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new SafeLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Does nothing: the factory belongs to the application.</summary>
    public void Dispose()
    {
    }
}
