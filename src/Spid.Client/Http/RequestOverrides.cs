using System.Runtime.CompilerServices;

namespace Spid.Client.Http;

/// <summary>What a single request says about its token.</summary>
internal readonly record struct RequestOverrides(TokenRequest? Token, bool WithoutToken)
{
    public static readonly HttpRequestOptionsKey<TokenRequest> TokenKey = new("Spid.TokenRequest");
    public static readonly HttpRequestOptionsKey<bool> WithoutTokenKey = new("Spid.WithoutToken");

    private static readonly bool CanPeek = FindField();

    /// <summary>
    /// Reads the overrides. The first read of <see cref="HttpRequestMessage.Options"/> allocates the collection, which every
    /// request without overrides would pay for, so it is looked at first whether there is one.
    /// </summary>
    public static RequestOverrides Get(HttpRequestMessage request)
    {
        if (CanPeek && OptionsOf(request) is null)
        {
            return default;
        }

        HttpRequestOptions options = request.Options;
        _ = options.TryGetValue(TokenKey, out TokenRequest? token);
        return new RequestOverrides(token, options.TryGetValue(WithoutTokenKey, out bool without) && without);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_options")]
    private static extern ref HttpRequestOptions? OptionsOf(HttpRequestMessage request);

    /// <summary>A later runtime may name the field otherwise; then the options are read the ordinary way.</summary>
    private static bool FindField()
    {
        try
        {
            using var probe = new HttpRequestMessage();
            return OptionsOf(probe) is null;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }
}
