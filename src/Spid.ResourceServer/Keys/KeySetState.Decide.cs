using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <content>
/// The rule for key ids that the set at hand does not have. The first line that applies decides, in one step with charging and starting a fetch:
/// <list type="table">
/// <item><term>The set at hand has the key by now</term><description>the signature decides</description></item>
/// <item><term>The set at hand is of a fetch that started after the caller came</term><description>401</description></item>
/// <item><term>A fetch is under way</term><description>wait for it, which costs nothing, and decide again</description></item>
/// <item><term>The endpoint fails, or asks for a pause</term><description>503; without any key set introspection, if there are credentials</description></item>
/// <item><term>There is no key set</term><description>fetch, and decide again</description></item>
/// <item><term>The id has had its fetch, or others have used up the fetches that unknown ids may cause (<see cref="UnknownKeys"/>)</term><description>503</description></item>
/// <item><term>Otherwise</term><description>fetch, which is charged, and decide again</description></item>
/// </list>
/// Each 503 has the wait. Decision 12 gives the reasons.
/// </content>
internal sealed partial class KeySetState
{
    /// <summary>Decides what to do about a key id.</summary>
    /// <param name="keyId">The key id, which was not in the set when the caller looked.</param>
    /// <param name="started">How many fetches had been <see cref="Started"/> when the caller came.</param>
    /// <param name="settings">The settings of the caller.</param>
    /// <exception cref="ObjectDisposedException">The key set was disposed.</exception>
    public KeyStep Decide(string keyId, int started, KeySetSettings settings)
    {
        long now = _clock.Now;
        lock (_gate)
        {
            KeySetSnapshot? snapshot = Usable(now);
            if (snapshot?.Find(keyId) is { } key)
            {
                return new(KeyLookup.Found(key));
            }

            _unknown.Note(keyId, started);
            if (snapshot?.Fetch > started)
            {
                // An earlier fetch does not show that: it may not have what has been published since.
                return new(KeyLookup.Absent);
            }

            if (_current is not null)
            {
                return KeyStep.Join(_current);
            }

            if (Pause(now) > TimeSpan.Zero)
            {
                return new(WithoutAnswer(snapshot is not null, Pause(now)));
            }

            if (snapshot is null)
            {
                return KeyStep.Run(Start("first", replaced: null));
            }

            long interval = (long)settings.UnknownKeyInterval.TotalMilliseconds;
            TimeSpan wait = _unknown.WaitFor(keyId, snapshot, now, interval);
            if (wait > TimeSpan.Zero)
            {
                return new(KeyLookup.Undecided(wait));
            }

            _unknown.Take(now, interval);
            return KeyStep.Run(Start("unknown_key", snapshot));
        }
    }

    /// <summary>Decides for a caller whose fetch has failed.</summary>
    public KeyLookup Failed(SharedFetch fetch) => WithoutAnswer(fetch.ReplacesSet, Pause(_clock.Now));

    /// <summary>Decides for a caller who cannot wait for the fetch any longer.</summary>
    public KeyLookup TimedOut(KeySetSettings settings) => WithoutAnswer(Usable(_clock.Now) is not null, settings.Timeout);

    /// <summary>Says whether a fetch that started after the caller came shows that the key is absent.</summary>
    public bool ShowsAbsence(string keyId, int started) => Usable(_clock.Now) is { } snapshot && snapshot.Fetch > started && snapshot.Find(keyId) is null;

    /// <summary>With a key set at hand nothing goes to introspection, for that would mean a call for each id that is made up.</summary>
    private static KeyLookup WithoutAnswer(bool hasSet, TimeSpan wait) => hasSet ? KeyLookup.Undecided(wait) : KeyLookup.NoKeySet(wait);
}
