namespace Spid.Client;

/// <summary>Names the SPiD installation that issues the tokens.</summary>
/// <remarks>Clients, secrets and keys exist in one environment only; SPiD documents no default, and neither does this library.</remarks>
public enum SpidEnvironment
{
    /// <summary>Production for Sweden and international clients: <c>https://login.schibsted.com</c>.</summary>
    International,

    /// <summary>Production for Norwegian clients: <c>https://payment.schibsted.no</c>.</summary>
    Norway,

    /// <summary>Production for Finnish clients: <c>https://login.schibsted.fi</c>.</summary>
    Finland,

    /// <summary>Production for Danish clients: <c>https://login.schibsted.dk</c>.</summary>
    Denmark,

    /// <summary>The test environment of all countries: <c>https://identity-pre.schibsted.com</c>.</summary>
    PreProduction,
}
