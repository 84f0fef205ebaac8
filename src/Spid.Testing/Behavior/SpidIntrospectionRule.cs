namespace Spid.Testing.Behavior;

/// <summary>Chooses which clients see a token as active.</summary>
public enum SpidIntrospectionRule
{
    /// <summary>The documented rule: clients of the token's merchant, and clients whose registered domain is in <c>aud</c>.</summary>
    MerchantOrAudience = 0,

    /// <summary>Every client, as an unpublished branch of the documentation (2018) announced.</summary>
    Anyone = 1,
}
