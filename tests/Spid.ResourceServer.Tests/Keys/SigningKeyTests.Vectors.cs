using System.Text.Json;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>The RS256 examples of the RFCs, from the published key to the verdict.</content>
internal sealed partial class SigningKeyTests
{
    private const string KeyOfRfc7515 =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2j"
        + "Z47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK"
        + "-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    private const string TokenOfRfc7515 =
        "eyJhbGciOiJSUzI1NiJ9"
        + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB-"
        + "-f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUi"
        + "pUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string KeyOfRfc7520 =
        "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dAp"
        + "r5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLq"
        + "KnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw";

    private const string TokenOfRfc7520 =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
        + ".SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlv"
        + "dXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
        + ".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-Xt"
        + "L0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-"
        + "ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";

    [TestCase("a.2", KeyOfRfc7515, TokenOfRfc7515, null, Description = "RFC 7515 appendix A.2")]
    [TestCase("bilbo.baggins@hobbiton.example", KeyOfRfc7520, TokenOfRfc7520, "bilbo.baggins@hobbiton.example", Description = "RFC 7520 section 4.1")]
    public void HasSigned_ExampleOfAnRfc_IsVerifiedAndNoneThatDiffers(string keyId, string modulus, string token, string? namedKeyId)
    {
        SigningKey key = ReadKey(keyId, modulus);
        CompactToken compact = CompactToken.TryParse(token.AsMemory())!;
        string[] parts = token.Split('.');

        using (Assert.EnterMultipleScope())
        {
            Assert.That((compact.Header.Algorithm, compact.Header.KeyId), Is.EqualTo(("RS256", namedKeyId)));
            Assert.That(key.HasSigned(compact.Text, "RS256"), Is.True);
            Assert.That(key.HasSigned($"{Forge.Encode("""{"alg":"RS256" }""")}.{parts[1]}.{parts[2]}", "RS256"), Is.False);
            Assert.That(key.HasSigned($"{parts[0]}.{Forge.Encode("{}")}.{parts[2]}", "RS256"), Is.False);
            Assert.That(key.HasSigned($"{parts[0]}.{parts[1]}.{(parts[2][0] == 'c' ? 'd' : 'c')}{parts[2][1..]}", "RS256"), Is.False);
            Assert.That(ReadKey(keyId, modulus == KeyOfRfc7515 ? KeyOfRfc7520 : KeyOfRfc7515).HasSigned(token, "RS256"), Is.False);
        }
    }

    [Test(Description = "RFC 7515 appendix A.2")]
    public void ReadPayload_ExampleOfTheRfc_HasItsClaims()
    {
        JsonElement payload = CompactToken.TryParse(TokenOfRfc7515.AsMemory())!.ReadPayload()!.Value;

        Assert.That(payload.GetProperty("iss").GetString(), Is.EqualTo("joe"));
        Assert.That(payload.GetProperty("exp").GetInt64(), Is.EqualTo(1300819380));
        Assert.That(payload.GetProperty("http://example.com/is_root").GetBoolean(), Is.True);
    }

    private static SigningKey ReadKey(string keyId, string modulus)
    {
        byte[] keySet = JsonSerializer.SerializeToUtf8Bytes(new { keys = new[] { new { kty = "RSA", kid = keyId, use = "sig", n = modulus, e = "AQAB" } } });
        return new JwksReader(new HashSet<string> { "RS256" }).Read(keySet, out _)!.Keys.Single();
    }
}
