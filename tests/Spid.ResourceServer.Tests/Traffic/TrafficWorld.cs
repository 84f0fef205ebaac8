using System.Net;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Traffic;

/// <summary>SPiD for an hour: it issues, revokes, rotates its keys, and is down at times.</summary>
internal sealed class TrafficWorld : IDisposable
{
    /// <summary>A pause or a back-off that began in an outage may last so long after it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(65);

    private readonly VerifierRig _rig;
    private readonly Random _random;
    private readonly Forge _stranger = new();
    private readonly Dictionary<string, TrafficToken> _tokens = new(StringComparer.Ordinal);
    private readonly List<TrafficToken> _good = [];
    private readonly List<(Forge Forge, DateTimeOffset Since)> _keys = [];
    private readonly TrafficToken[] _hostile;
    private Func<CancellationToken, Task<HttpResponseMessage>>? _keysFault;
    private Func<CancellationToken, Task<HttpResponseMessage>>? _introspectionFault;
    private DateTimeOffset _outageEndsAt;

    public TrafficWorld(VerifierRig rig, Random random)
    {
        (_rig, _random) = (rig, random);

        // A token that is not valid yet will be.
        IEnumerable<(string Name, string Token)> hostile = HostileTokens.Create(rig).Where(token => token.Name != "nbf ahead");
        _hostile = [.. hostile.Select(token => new TrafficToken(token.Token, TrafficKind.Hostile, DateTimeOffset.MaxValue, rig.Now))];
        _keys.Add((rig.Forge, rig.Now - Aftermath));
        _outageEndsAt = rig.Now - Aftermath;
        rig.Spid.Keys = AnswerKeysAsync;
        rig.Spid.Introspect = AnswerIntrospectionAsync;
        rig.Spid.KeepsRequests = false;
    }

    /// <summary>Gets a value indicating whether SPiD does not answer at all, so that time has to pass.</summary>
    public bool IsSilent { get; private set; }

    public bool IsTrouble => _rig.Now < _outageEndsAt + Aftermath;

    /// <summary>Lets a second of the world pass, and draws the tokens that are sent in it.</summary>
    public IEnumerable<TrafficToken> Next(int second)
    {
        if (second % 420 == 419)
        {
            _keys.Add((Forge.CreateUsual(), _rig.Now));
        }

        if (second % 240 == 200)
        {
            BeginOutage(TimeSpan.FromSeconds(_random.Next(5, 40)));
        }
        else if (_rig.Now >= _outageEndsAt)
        {
            EndOutage();
        }

        if (_good.Count == 0 || _random.Next(3) == 0)
        {
            _good.Add(Issue(TrafficKind.Good, _keys[^1], _ => { }));
        }

        if (_random.Next(10) == 0)
        {
            Recent().RevokedAt ??= _rig.Now;
        }

        yield return Recent();
        yield return Recent();
        yield return _random.Next(8) switch
        {
            0 => _good[_random.Next(_good.Count)],
            1 => Issue(TrafficKind.Misdirected, _keys[^1], claims => claims["aud"] = "https://other.example.com"),
            2 => Issue(TrafficKind.Foreign, (_stranger, _rig.Now), claims => claims["iss"] = "https://login.example.com"),
            3 => Tamper(Recent()),
            4 => Issue(TrafficKind.MadeUpKey, (_stranger, _rig.Now), _ => { }, $"made-up-{second}"),
            5 => new TrafficToken(Convert.ToHexString(BitConverter.GetBytes(_random.NextInt64())), TrafficKind.Opaque, _rig.Now, _rig.Now),
            _ => _hostile[_random.Next(_hostile.Length)],
        };
    }

    public void Dispose() => _stranger.Dispose();

    private TrafficToken Recent() => _good[Math.Max(0, _good.Count - 1 - _random.Next(40))];

    private TrafficToken Issue(TrafficKind kind, (Forge Forge, DateTimeOffset Since) key, Action<JsonObject> edit, string? keyId = null)
    {
        DateTimeOffset expiresAt = _rig.Now.AddSeconds(_random.Next(60, 300));
        string text = key.Forge.Sign(
            _rig.Now,
            claims =>
            {
                claims["exp"] = expiresAt.ToUnixTimeSeconds();
                edit(claims);
            },
            header => header["kid"] = keyId ?? key.Forge.KeyId);
        return _tokens[text] = new TrafficToken(text, kind, expiresAt, key.Since);
    }

    private TrafficToken Tamper(TrafficToken token)
    {
        int last = token.Text.LastIndexOf('.') + 1;
        string signature = token.Text[last..];
        return new TrafficToken(token.Text[..last] + (signature[0] == 'A' ? 'B' : 'A') + signature[1..], TrafficKind.Tampered, _rig.Now, _rig.Now);
    }

    private void BeginOutage(TimeSpan duration)
    {
        _outageEndsAt = _rig.Now + duration;
        int how = _random.Next(5);
        IsSilent = how == 0;
        Func<CancellationToken, Task<HttpResponseMessage>> fault = how switch
        {
            0 => StubSpid.NeverAsync,
            1 => _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError)),
            2 => _ => Task.FromResult(Throttled()),
            3 => _ => throw new HttpRequestException("The connection was refused."),
            _ => _ => Task.FromResult(StubSpid.Text("<html></html>", "text/html", HttpStatusCode.BadGateway)),
        };
        int what = _random.Next(3);
        _keysFault = what == 0 ? null : fault;
        _introspectionFault = what == 1 ? null : fault;
    }

    private void EndOutage() => (_keysFault, _introspectionFault, IsSilent) = (null, null, false);

    private static HttpResponseMessage Throttled()
    {
        HttpResponseMessage response = StubSpid.Status(HttpStatusCode.TooManyRequests);
        response.Headers.Add("Retry-After", "20");
        return response;
    }

    /// <summary>The key before the current one is still published.</summary>
    private Task<HttpResponseMessage> AnswerKeysAsync(CancellationToken cancellationToken) => _keysFault is { } fault
        ? fault(cancellationToken)
        : Task.FromResult(StubSpid.Json(Forge.KeySet([.. _keys.TakeLast(2).Select(key => key.Forge.Key())])));

    /// <summary>Of tokens that it does not know it says that they are inactive, or it refuses to look at them.</summary>
    private Task<HttpResponseMessage> AnswerIntrospectionAsync(string body, CancellationToken cancellationToken)
    {
        if (_introspectionFault is { } fault)
        {
            return fault(cancellationToken);
        }

        string text = Uri.UnescapeDataString(body.Split('&').Single(pair => pair.StartsWith("token=", StringComparison.Ordinal))["token=".Length..]);
        if (!_tokens.TryGetValue(text, out TrafficToken? token))
        {
            return Task.FromResult(text.Length % 2 == 0 ? StubSpid.Status(HttpStatusCode.BadRequest) : StubSpid.Json("""{"active":false}"""));
        }

        if (!token.IsActiveAt(_rig.Now))
        {
            return Task.FromResult(StubSpid.Json("""{"active":false}"""));
        }

        JsonObject answer = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(text.Split('.')[1]))!.AsObject();
        answer["active"] = true;
        return Task.FromResult(StubSpid.Json(answer.ToJsonString()));
    }
}
