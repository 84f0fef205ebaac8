using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Spid.Testing.Keys;
using Spid.Testing.Tests.Transport;
using Spid.Testing.Tokens;

namespace Spid.Testing.Tests.Tokens;

public sealed partial class SpidTokenSpecTests
{
    [TestCase(SpidTokenKind.ClientAccess)]
    [TestCase(SpidTokenKind.UserAccess)]
    [TestCase(SpidTokenKind.IdToken)]
    [TestCase(SpidTokenKind.IdToken2024)]
    public async Task Issue_Rs256Kind_VerifiesAgainstJwks(SpidTokenKind kind)
    {
        var result = await VerifyAsync(new() { Kind = kind });

        Assert.That(result.Exception, Is.Null);
    }

    [Test]
    public void Issue_NoSignature_SaysNoneAndEndsWithADot()
    {
        var token = _spid.Issue(new() { Signature = SpidSignature.None });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token, Does.EndWith("."));
            Assert.That(token.Split('.'), Has.Length.EqualTo(3));
            Assert.That(Jwt.Read(token).Alg, Is.EqualTo("none"));
        }
    }

    [TestCase(SpidSignature.Corrupt)]
    [TestCase(SpidSignature.ForeignKey)]
    public async Task Issue_BadSignature_FailsUnderAPublishedKeyId(SpidSignature signature)
    {
        var result = await VerifyAsync(new() { Signature = signature });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Exception, Is.InstanceOf<SecurityTokenInvalidSignatureException>());
            Assert.That(Jwt.Read(_spid.Issue(new() { Signature = signature })).Kid, Is.EqualTo(_spid.Keys.Current.KeyId));
        }
    }

    [Test]
    public async Task Issue_PublicKeyAsSecret_VerifiesForAServerThatFallsForIt()
    {
        var token = _spid.Issue(new() { Signature = SpidSignature.PublicKeyAsSecret });

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_spid.Keys.Current.PublicKeyPem)),
            ValidateAudience = false,
            ValidateIssuer = false,
            TryAllIssuerSigningKeys = true,
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Exception, Is.Null);
            Assert.That(Jwt.Read(token).Alg, Is.EqualTo("HS256"));
        }
    }

    [Test]
    public void Issue_ForeignKeyOfASymmetricKind_KeepsTheHeader() =>
        Assert.That(Jwt.Read(_spid.Issue(new() { Kind = SpidTokenKind.UserAccess2024, Signature = SpidSignature.ForeignKey })).Alg, Is.EqualTo("HS256"));

    [TestCase("RS512")]
    [TestCase("PS256")]
    public async Task Issue_OtherAlgorithmInTheHeader_IsSignedWithIt(string algorithm)
    {
        var token = _spid.Issue(new() { Header = { ["alg"] = algorithm } });

        var result = await Jwt.VerifyAsync(token, await JwksAsync(), algorithm);

        Assert.That(result.Exception, Is.Null);
    }

    [Test]
    public void Issue_UnknownAlgorithmInTheHeader_StandsThereAllTheSame()
    {
        var token = _spid.Issue(new() { Header = { ["alg"] = "rs256" } });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Jwt.Read(token).Alg, Is.EqualTo("rs256"));
            Assert.That(Jwt.Read(token).EncodedSignature, Is.Not.Empty);
        }
    }

    [Test]
    public void Issue_OwnKey_PutsItsIdInTheHeader()
    {
        var key = new SpidSigningKey();

        Assert.That(Jwt.Read(_spid.Issue(new() { Key = key })).Kid, Is.EqualTo(key.KeyId));
    }

    private async Task<TokenValidationResult> VerifyAsync(SpidTokenSpec spec) => await Jwt.VerifyAsync(_spid.Issue(spec), await JwksAsync());

    private async Task<string> JwksAsync()
    {
        using var http = _spid.CreateClient();
        return await http.GetStringAsync(new Uri("oauth/jwks", UriKind.Relative));
    }
}
