using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Who asks SPiD for a token, and who takes what another has found.</summary>
internal sealed class TokenFlightsTests : IDisposable
{
    private static readonly TokenHash Hash = new([.. Enumerable.Range(0, TokenHash.Size).Select(number => (byte)number)]);

    private readonly VerifierRig _rig = new(Mode.Remote);
    private readonly KeySet _keys;
    private readonly IntrospectionClient _introspection;
    private readonly FactsCache _cache;
    private readonly FactFinder _finder;
    private readonly TokenFlights _flights;

    public TokenFlightsTests()
    {
        var settings = VerifierSettings.From("rig", _rig.Options);
        _keys = new KeySet(settings, _rig.Parts);
        _introspection = new IntrospectionClient(settings, _rig.Parts);
        _cache = new FactsCache(settings, _rig.Time);
        var judgement = new Judgement(settings);
        _finder = new FactFinder(settings, _keys, new RemoteFinder(_introspection, null, _rig.Time), judgement, _rig.Time);
        _flights = new TokenFlights(_finder, new TokenMemory(_cache, _keys, judgement, _rig.Time), _cache, settings.Timeout, _rig.Time);
    }

    [Test(Description = "A caller may look into the cache just before an earlier search stores what it found and ends")]
    public async Task StartOrJoin_EarlierSearchHasEnded_TakesWhatItFound()
    {
        _rig.AnswerActive();
        TokenSearch search = _finder.Prepare(_rig.Sign().AsMemory(), out _)!;
        Finding first = await _flights.StartOrJoin(Hash, search, out _).Task;

        Finding second = await _flights.StartOrJoin(Hash, search, out bool joined).Task;

        Assert.That((joined, second.Facts is not null, _rig.Spid.Introspections), Is.EqualTo((false, first.Facts is not null, 1)));
    }

    public void Dispose()
    {
        _flights.Dispose();
        _cache.Dispose();
        _introspection.Dispose();
        _keys.Dispose();
        _rig.Dispose();
    }
}
