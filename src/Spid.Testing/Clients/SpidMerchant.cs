namespace Spid.Testing.Clients;

/// <summary>Describes a merchant, the owner of clients.</summary>
/// <param name="Name">What <see cref="SpidClientRegistration.Merchant"/> and the scope <c>spid:merchants/&lt;name&gt;|write</c> call it.</param>
/// <param name="Id">The number that <c>/api/2/token/{token}/authentication</c> calls it.</param>
/// <param name="ScopePrefix">What the scopes of clients registered through <c>/oauth/register</c> have to start with; <see langword="null"/> for anything.</param>
public sealed record SpidMerchant(string Name, int Id, string? ScopePrefix = null)
{
    internal const string DefaultName = "merchant";

    internal const int FirstId = 46001;
}
