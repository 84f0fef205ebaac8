using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>The collection of tokens behind S1.</summary>
internal static class HostileTokens
{
    private static readonly string[] Registered = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id"];

    public static IEnumerable<(string Name, string Token)> Create(VerifierRig rig) =>
        [.. Algorithms(rig), .. Confusion(rig), .. Headers(rig), .. Claims(rig), .. Classes(rig), .. Shapes(rig), .. Signatures(rig)];

    public static IEnumerable<(string Name, string Token)> CreateLegal(VerifierRig rig)
    {
        foreach (string? type in new[] { null, "JWT", "jwt", "JWS", "at+jwt", "AT+JWT", "application/at+jwt" })
        {
            yield return ($"typ {type}", rig.Sign(editHeader: header => Set(header, "typ", type)));
        }

        long now = rig.Now.ToUnixTimeSeconds();
        (string, Action<JsonObject>)[] claims =
        [
            ("aud text", c => c["aud"] = Forge.Audience),
            ("aud with slash", c => c["aud"] = Forge.Audience + "/"),
            ("aud client id", c => c["aud"] = Forge.ClientId),
            ("aud of several", c => c["aud"] = new JsonArray("https://a.example.com", Forge.Audience)),
            ("iss without slash", c => c["iss"] = Forge.Issuer),
            ("exp with fraction", c => c["exp"] = now + 60.75),
            ("nbf now", c => c["nbf"] = now),
            ("iat with fraction", c => c["iat"] = now - 0.5),
            ("iat ahead", c => c["iat"] = now + 100),
            ("no iat", c => c.Remove("iat")),
            ("no jti", c => c.Remove("jti")),
            ("no scope", c => c.Remove("scope")),
            ("scope null", c => c["scope"] = null),
            ("scope list", c => c["scope"] = new JsonArray("a", "b")),
            ("class of an access token", c => c["class"] = "token.OAuthUserAccessToken"),
            ("type access", c => c["type"] = "access"),
            ("sub", c => c["sub"] = "5ff0b4f3-2d8c-5e2e-a7a0-8d6b8ae7d3a3"),
            ("azp only", c => { c.Remove("client_id"); c["azp"] = "x"; }),
            ("unknown claims", c => c["whatever"] = new JsonObject { ["deep"] = new JsonArray(1, true, null) }),
        ];
        foreach ((string name, Action<JsonObject> edit) in claims)
        {
            yield return (name, rig.Sign(edit));
        }

        yield return ("embedded key is not looked at", rig.Sign(editHeader: header => header["jwk"] = new JsonObject { ["kty"] = "oct" }));
        yield return ("jku is not looked at", rig.Sign(editHeader: header => header["jku"] = "https://evil.example.com/jwks"));
    }

    private static IEnumerable<(string, string)> Algorithms(VerifierRig rig)
    {
        // All sixteen casings of "none", with and without a signature.
        for (int casing = 0; casing < 16; casing++)
        {
            string none = string.Concat("none".Select((letter, index) => (casing & (1 << index)) != 0 ? char.ToUpperInvariant(letter) : letter));
            string signed = rig.Sign(editHeader: header => header["alg"] = none);
            yield return ($"alg {none}", signed);
            yield return ($"alg {none} unsigned", signed[..(signed.LastIndexOf('.') + 1)]);
        }

        foreach (string algorithm in new[] { "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512", "rs256", "RS256 ", "", "A256KW", "dir" })
        {
            yield return ($"alg {algorithm}", rig.Sign(editHeader: header => header["alg"] = algorithm));
        }

        string payload = Forge.Claims(rig.Now).ToJsonString();
        string Header(string algorithm) => $$"""{"alg":"{{algorithm}}","kid":"{{rig.Forge.KeyId}}"}""";
        yield return ("really PS256", rig.Forge.SignWith(Header("PS256"), payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        yield return ("really RS512", rig.Forge.SignWith(Header("RS512"), payload, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1));
        yield return ("RS512 called RS256", rig.Forge.SignWith(Header("RS256"), payload, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1));
        yield return ("PS256 called RS256", rig.Forge.SignWith(Header("RS256"), payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    /// <summary>HS256 with the public key as the secret, in every dress of it.</summary>
    private static IEnumerable<(string, string)> Confusion(VerifierRig rig)
    {
        string pem = rig.Forge.PublicKeyPem;
        (string, byte[])[] secrets =
        [
            ("pem", Encoding.ASCII.GetBytes(pem)),
            ("pem with line end", Encoding.ASCII.GetBytes(pem + "\n")),
            ("pem with CRLF", Encoding.ASCII.GetBytes(pem.Replace("\n", "\r\n", StringComparison.Ordinal))),
            ("pem after a space", Encoding.ASCII.GetBytes(" " + pem)),
            ("pem with BOM", [0xEF, 0xBB, 0xBF, .. Encoding.ASCII.GetBytes(pem)]),
            ("der", rig.Forge.PublicKeyDer),
            ("jwk", Encoding.ASCII.GetBytes(rig.Forge.Key().ToJsonString())),
            ("nothing", []),
        ];
        foreach ((string name, byte[] secret) in secrets)
        {
            foreach (bool hasKeyId in new[] { true, false })
            {
                string header = hasKeyId ? $$"""{"alg":"HS256","kid":"{{rig.Forge.KeyId}}"}""" : """{"alg":"HS256"}""";
                string content = $"{Forge.Encode(header)}.{Forge.Encode(Forge.Claims(rig.Now).ToJsonString())}";
                yield return ($"HS256 with {name}", $"{content}.{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)))}");
            }
        }
    }

    private static IEnumerable<(string, string)> Headers(VerifierRig rig)
    {
        (string, Action<JsonObject>)[] headers =
        [
            ("crit", h => h["crit"] = new JsonArray("exp")),
            ("crit unknown", h => h["crit"] = new JsonArray("x")),
            ("crit empty", h => h["crit"] = new JsonArray()),
            ("b64 false", h => h["b64"] = false),
            ("b64 true", h => h["b64"] = true),
            ("zip", h => h["zip"] = "DEF"),
            ("enc", h => h["enc"] = "A256GCM"),
            ("typ dpop", h => h["typ"] = "dpop+jwt"),
            ("typ logout", h => h["typ"] = "logout+jwt"),
            ("typ number", h => h["typ"] = 7),
            ("alg number", h => h["alg"] = 7),
            ("alg list", h => h["alg"] = new JsonArray("RS256")),
            ("kid number", h => h["kid"] = 7),
            ("kid object", h => h["kid"] = new JsonObject()),
            ("kid null", h => h["kid"] = null),
            ("kid empty", h => h["kid"] = ""),
            ("kid constructor", h => h["kid"] = "constructor"),
            ("kid __proto__", h => h["kid"] = "__proto__"),
            ("kid toString", h => h["kid"] = "toString"),
            ("kid path", h => h["kid"] = "../../../../dev/null"),
            ("kid sql", h => h["kid"] = "' OR 1=1 --"),
            ("kid in upper case", h => h["kid"] = rig.Forge.KeyId.ToUpperInvariant() + "X"),
            ("kid with space", h => h["kid"] = rig.Forge.KeyId + " "),
            ("kid of 10 KB", h => h["kid"] = new string('k', 10_000)),
            ("kid of 300", h => h["kid"] = new string('k', 300)),
            ("no kid", h => h.Remove("kid")),
            ("no alg", h => h.Remove("alg")),
        ];
        foreach ((string name, Action<JsonObject> edit) in headers)
        {
            yield return (name, rig.Sign(editHeader: edit));
        }

        using var attacker = new Forge();
        yield return ("attacker's key embedded", attacker.Sign(rig.Now, editHeader: h => (h["kid"], h["jwk"]) = (rig.Forge.KeyId, attacker.Key())));
        yield return ("attacker's jku", attacker.Sign(rig.Now, editHeader: h => (h["kid"], h["jku"]) = (rig.Forge.KeyId, "https://evil.example.com/jwks")));
        yield return ("attacker's x5u", attacker.Sign(rig.Now, editHeader: h => (h["kid"], h["x5u"]) = (rig.Forge.KeyId, "https://evil.example.com/cert")));
        yield return ("attacker's x5c", attacker.Sign(rig.Now, editHeader: h => (h["kid"], h["x5c"]) = (rig.Forge.KeyId, new JsonArray("AAAA"))));
        string payload = Forge.Claims(rig.Now).ToJsonString();
        foreach (string header in new[] { "[]", "null", "7", "\"RS256\"", "", "{", "{\"alg\":\"RS256\",\"alg\":\"none\"}", "{\"alg\":\"RS256\",\"\\u0061lg\":\"none\"}", "{\"alg\":\"RS256\",}", "{\"alg\":\"RS256\"} {}", "{\"alg\":\"\\ud800\"}" })
        {
            yield return ($"header {header}", rig.Forge.Sign(header, payload));
        }
    }

    private static IEnumerable<(string, string)> Claims(VerifierRig rig)
    {
        // Each registered claim in each wrong type.
        foreach (string claim in Registered)
        {
            string[] wrong = claim switch
            {
                "aud" => ["7", "true", "{}", "[7]", "[null]", "[\"https://messages.example.com\",{}]"],
                "exp" or "nbf" or "iat" => ["\"1767226000\"", "true", "{}", "[]", "[1767226000]", "1e300"],
                _ => ["7", "true", "{}", "[]", "[\"x\"]", "\"\\ud800\""],
            };
            foreach (string value in wrong)
            {
                yield return ($"{claim} {value}", rig.SignRaw(claim, Encoding.UTF8.GetBytes(value)));
            }

            yield return ($"{claim} no UTF-8", rig.SignRaw(claim, [(byte)'"', 0xFF, (byte)'"']));
        }

        long now = rig.Now.ToUnixTimeSeconds();
        yield return ("expired", rig.Sign(claims => claims["exp"] = now - 100));
        yield return ("expired by a fraction", rig.Sign(claims => claims["exp"] = now - 30.5));
        yield return ("exp 0", rig.Sign(claims => claims["exp"] = 0));
        yield return ("exp -1", rig.Sign(claims => claims["exp"] = -1));
        yield return ("no exp", rig.Sign(claims => claims.Remove("exp")));
        yield return ("exp null", rig.Sign(claims => claims["exp"] = null));
        yield return ("nbf ahead", rig.Sign(claims => claims["nbf"] = now + 100));
        string header = rig.Forge.Header().ToJsonString();
        string good = Forge.Claims(rig.Now).ToJsonString();
        foreach (string payload in new[] { "[]", "null", "true", "7", "\"text\"", "{", "{}", good[..^1] + ",\"aud\":\"x\"}", good[..^1] + ",\"exp\":9999999999}", new string('[', 5_000) + new string(']', 5_000) })
        {
            yield return ($"payload {payload[..Math.Min(30, payload.Length)]}", rig.Forge.Sign(header, payload));
        }
    }

    private static IEnumerable<(string, string)> Classes(VerifierRig rig)
    {
        (string, Action<JsonObject>)[] others =
        [
            ("nonce", c => c["nonce"] = "n"),
            ("at_hash", c => c["at_hash"] = "h"),
            ("c_hash", c => c["c_hash"] = "h"),
            ("class ID token", c => c["class"] = "token.IDToken"),
            ("class refresh token", c => c["class"] = "token.OAuthUserRefreshToken"),
            ("type refresh", c => c["type"] = "refresh"),
            ("type id", c => c["type"] = "id"),
            ("neither scope nor client", c => { c.Remove("scope"); c.Remove("client_id"); }),
            ("cnf jkt", c => c["cnf"] = new JsonObject { ["jkt"] = "x" }),
            ("cnf x5t", c => c["cnf"] = new JsonObject { ["x5t#S256"] = "x" }),
            ("cnf two", c => c["cnf"] = new JsonObject { ["x5t#S256"] = "x", ["jkt"] = "y" }),
            ("cnf text", c => c["cnf"] = "x"),
        ];
        return others.Select(other => (other.Item1, rig.Sign(other.Item2)));
    }

    private static (string Name, string Token)[] Shapes(VerifierRig rig)
    {
        string token = rig.Sign();
        string[] parts = token.Split('.');
        return
        [
            ("one part", parts[0]),
            ("two parts", $"{parts[0]}.{parts[1]}"),
            ("four parts", token + ".AAAA"),
            ("five parts", token + ".AAAA.AAAA"),
            ("trailing dot", token + "."),
            ("leading dot", "." + token),
            ("empty payload", $"{parts[0]}..{parts[2]}"),
            ("dots", new string('.', 16_000)),
            ("padding", token + "="),
            ("padding inside", $"{parts[0]}=.{parts[1]}.{parts[2]}"),
            ("line end", token + "\n"),
            ("space", token + " "),
            ("space before", " " + token),
            ("NUL", token + "\0"),
            ("standard alphabet", token.Replace('_', '/').Replace('-', '+') + "+"),
            ("not ASCII", token + "ä"),
            ("too long", token + new string('A', 16_384)),
            ("quote", token + "\""),
            ("empty", ""),
            ("only equals", "==="),
        ];
    }

    private static IEnumerable<(string, string)> Signatures(VerifierRig rig)
    {
        string token = rig.Sign();
        int end = token.LastIndexOf('.') + 1;
        byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(end));
        foreach (int position in new[] { 0, 1, 100, 255 })
        {
            byte[] flipped = [.. signature];
            flipped[position] ^= 1;
            yield return ($"bit flipped in byte {position}", token[..end] + System.Buffers.Text.Base64Url.EncodeToString(flipped));
        }

        yield return ("signature empty", token[..end]);
        yield return ("signature short", token[..end] + System.Buffers.Text.Base64Url.EncodeToString(signature.AsSpan(0, 255)));
        yield return ("signature long", token[..end] + System.Buffers.Text.Base64Url.EncodeToString([.. signature, 0]));
        yield return ("signature zero", token[..end] + System.Buffers.Text.Base64Url.EncodeToString(new byte[256]));
        yield return ("signature of another token", token[..end] + rig.Sign().Split('.')[2]);

        // The last character of 256 bytes has four unused bits: the next letter decodes to the same bytes.
        yield return ("signature spelt otherwise", token[..^1] + (char)(token[^1] + 1));
        string payload = token.Split('.')[1];
        yield return ("payload of another token", token.Replace(payload, rig.Sign().Split('.')[1], StringComparison.Ordinal));
    }

    private static void Set(JsonObject target, string name, string? value)
    {
        target.Remove(name);
        if (value is not null)
        {
            target[name] = value;
        }
    }
}
