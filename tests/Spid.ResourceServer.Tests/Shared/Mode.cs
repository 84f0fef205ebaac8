namespace Spid.ResourceServer.Tests.Shared;

/// <summary>Short ways to set options.</summary>
internal static class Mode
{
    public static void Auto(SpidVerifierOptions options) => options.Mode = SpidVerificationMode.Auto;

    public static void Remote(SpidVerifierOptions options) => options.Mode = SpidVerificationMode.Remote;

    public static void Local(SpidVerifierOptions options)
    {
        options.Mode = SpidVerificationMode.Local;
        options.ClientId = null;
        options.ClientSecret = null;
    }
}
