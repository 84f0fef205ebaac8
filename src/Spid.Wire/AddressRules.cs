namespace Spid.Wire;

/// <summary>The faults that every address of SPiD can have, the base URL and those of single endpoints alike.</summary>
internal static class AddressRules
{
    public static bool IsWebAddress(Uri address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" };

    /// <summary>Finds an address that secrets would travel to in the clear, or one that SPiD has switched off.</summary>
    /// <param name="option">The name of the option.</param>
    /// <param name="address">What it is set to, an absolute URL.</param>
    /// <param name="allowPlainHttp">The option of that name.</param>
    public static string? FindHostError(string option, Uri address, bool allowPlainHttp)
    {
        if (address.Scheme == "http" && !address.IsLoopback && !allowPlainHttp)
        {
            return $"{option} uses http for {address.Host}: write https. Plain http is for loopback only, because secrets can be read and keys replaced on the way; where the network itself prevents that, set AllowPlainHttp.";
        }

        return Authorities.ReplacementFor(address) is { } replacement
            ? $"{option} names {address.Host}, which SPiD has switched off: use {replacement} instead."
            : null;
    }
}
