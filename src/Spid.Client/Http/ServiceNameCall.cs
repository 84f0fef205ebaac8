using System.Collections.Concurrent;

namespace Spid.Client.Http;

/// <summary>
/// One request to a service name. The application resolves the name; the target of a redirect is chosen by the server that answers, so the
/// token of this request must not be sent there.
/// </summary>
internal sealed class ServiceNameCall
{
    private readonly ConcurrentDictionary<Origin, bool> _redirectTargets = new();

    public bool MayGoTo(Origin origin) => !_redirectTargets.ContainsKey(origin);

    public void NoteRedirect(Origin target) => _redirectTargets.TryAdd(target, true);
}
