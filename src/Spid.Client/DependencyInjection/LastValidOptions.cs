using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Spid.Client.Http;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Gives the options of handlers, and the last valid ones while they are invalid. Handlers are made anew every two minutes, and the
/// platform keeps for ever what their making throws: without this a fault of a moment would end an HttpClient for good.
/// </summary>
internal sealed class LastValidOptions(IOptionsMonitor<SpidTokenHandlerOptions> monitor)
{
    private readonly ConcurrentDictionary<string, SpidTokenHandlerOptions> _valid = new(StringComparer.Ordinal);

    /// <exception cref="OptionsValidationException">The options are invalid and have never been valid.</exception>
    public SpidTokenHandlerOptions Get(string httpClientName)
    {
        try
        {
            return _valid[httpClientName] = monitor.Get(httpClientName);
        }
        catch (Exception) when (_valid.ContainsKey(httpClientName))
        {
            return _valid[httpClientName];
        }
    }
}
