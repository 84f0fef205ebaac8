using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Spid.Testing.Tests.Transport;

/// <summary>Reads and verifies tokens with Microsoft's own handler, which shares no code with the server's writer.</summary>
internal static class Jwt
{
    public static JsonWebToken Read(string token) => new(token);

    public static Task<TokenValidationResult> VerifyAsync(string token, string jwks, string? algorithm = null) =>
        new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(jwks).GetSigningKeys(),
            ValidAlgorithms = [algorithm ?? SecurityAlgorithms.RsaSha256],
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
        });
}
