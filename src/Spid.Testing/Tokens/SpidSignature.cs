namespace Spid.Testing.Tokens;

/// <summary>Chooses how a token is signed, honestly or as an attacker would.</summary>
public enum SpidSignature
{
    /// <summary>By the key and algorithm of the token's kind.</summary>
    Valid = 0,

    /// <summary>Not at all: <c>alg</c> is none and the signature empty.</summary>
    None = 1,

    /// <summary>As <see cref="Valid"/>, with one bit of the signature changed.</summary>
    Corrupt = 2,

    /// <summary>By a key that was never published, under the <c>kid</c> of one that is.</summary>
    ForeignKey = 3,

    /// <summary>HS256 with the published key's PEM as the secret: the algorithm confusion attack (RFC 8725, section 2.1).</summary>
    PublicKeyAsSecret = 4,
}
