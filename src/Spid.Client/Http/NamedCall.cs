using System.Collections.Concurrent;

namespace Spid.Client.Http;

/// <summary>
/// One request whose sender wrote a service name. Whatever stands behind the name is found by the application; where a redirect leads is
/// said by whoever answers, and no token of this request goes there.
/// </summary>
internal sealed class NamedCall
{
    private readonly ConcurrentDictionary<Origin, bool> _redirectTargets = new();

    public bool MayGoTo(Origin origin) => !_redirectTargets.ContainsKey(origin);

    public void NoteRedirect(Origin target) => _redirectTargets.TryAdd(target, true);
}
