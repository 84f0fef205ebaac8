using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Http;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Gives the options of handlers, and the last valid ones while they are invalid. Handlers are recreated every two minutes, and the
/// platform keeps for ever what their making throws: without this a fault of a moment would end an HttpClient for good.
/// </summary>
internal sealed class LastValidOptions(IOptionsMonitor<SpidTokenHandlerOptions> monitor, ILogger<SpidTokenHandler> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Followed>> _followed = new(StringComparer.Ordinal);

    /// <exception cref="OptionsValidationException">The options are invalid and have never been valid.</exception>
    public SpidTokenHandlerOptions Get(string httpClientName) => Follow(httpClientName).Value;

    /// <summary>Gives the options of a handler, which change as the configuration does.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid and have never been valid.</exception>
    public CurrentHandlerOptions Follow(string httpClientName)
    {
        Lazy<Followed> followed = _followed.GetOrAdd(httpClientName, name => new Lazy<Followed>(() => new Followed(monitor, name, logger)));
        try
        {
            return followed.Value.Current;
        }
        catch
        {
            // What failed is not kept: the next call looks again.
            _followed.TryRemove(KeyValuePair.Create(httpClientName, followed));
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Lazy<Followed> followed in _followed.Values.Where(followed => followed.IsValueCreated))
        {
            followed.Value.Dispose();
        }
    }

    private sealed class Followed : IDisposable
    {
        private readonly OptionsFollower<SpidTokenHandlerOptions> _follower;
        public Followed(IOptionsMonitor<SpidTokenHandlerOptions> monitor, string name, ILogger logger)
        {
            Current = new CurrentHandlerOptions(monitor.Get(name));
            _follower = new OptionsFollower<SpidTokenHandlerOptions>(
                () => monitor.Get(name),
                changed => Current.Value = changed,
                errors => Log.OptionsRefused(logger, OptionsOwner.Describe(typeof(SpidTokenHandlerOptions), name), errors));
            _follower.Start(OptionsFollower.ChangesOf(monitor, name));
        }

        public CurrentHandlerOptions Current { get; }

        public void Dispose() => _follower.Dispose();
    }
}
