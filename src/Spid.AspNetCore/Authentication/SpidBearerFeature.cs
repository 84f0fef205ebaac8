using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>
/// What SPiD's schemes know of one request. A feature of the request and not one of its services: <see cref="HttpContext.RequestServices"/> may be
/// replaced while the request is under way, as containers of tenants and error pages do.
/// </summary>
internal sealed class SpidBearerFeature
{
    private readonly IFeatureCollection _features;
    private RequestAuthentication[] _authentications = [];
    private SpidIdentity[] _accepted = [];

    public SpidBearerFeature(IFeatureCollection features) => _features = features;

    /// <summary>Gets or sets the verification result of the last token.</summary>
    public SpidVerificationResult? Result { get; set; }

    /// <summary>Gets or sets the scopes that the last authorization decision asked for and the token lacks, each once; empty when it was another requirement that failed, or none.</summary>
    public IReadOnlyCollection<string> MissingScopes { get; set; } = [];

    /// <summary>Gets or sets the schemes that answer where none is named, because a policy requires scopes; empty when the defaults of the application do.</summary>
    public IReadOnlyList<string> AskedSchemes { get; set; } = [];

    /// <summary>Gets the status with which a scheme has refused a token; <see langword="null"/> when none has.</summary>
    public int? RefusedWith { get; private set; }

    /// <summary>Finds what is known of a request, or <see langword="null"/> when no scheme has been asked about it.</summary>
    /// <remarks>Batches copy the features of a request to its parts, which may bring tokens of their own.</remarks>
    public static SpidBearerFeature? Find(HttpContext context) =>
        context.Features.Get<SpidBearerFeature>() is { } feature && ReferenceEquals(feature._features, context.Features) ? feature : null;

    public static SpidBearerFeature Of(HttpContext context)
    {
        if (Find(context) is { } existing)
        {
            return existing;
        }

        var feature = new SpidBearerFeature(context.Features);
        context.Features.Set(feature);
        return feature;
    }

    /// <summary>
    /// Finds the token of a caller. A scheme may have accepted one without having let this caller in, because the endpoint asks other
    /// schemes; and a claims transformation may have put a copy in the place of our own identity.
    /// </summary>
    public static VerifiedToken? FindToken(ClaimsPrincipal user, SpidBearerFeature? feature)
    {
        foreach (ClaimsIdentity identity in user.Identities)
        {
            if ((identity as SpidIdentity ?? feature?.FindAccepted(identity)) is { } own)
            {
                return own.Token;
            }
        }

        return null;
    }

    public void NoteAccepted(SpidIdentity identity) => _accepted = [.. _accepted, identity];

    /// <summary>Gives the authentication of the request by one scheme. Containers of tenants may have schemes of one name, each with options of its own.</summary>
    public RequestAuthentication For(SpidBearerScheme scheme, HttpContext context)
    {
        foreach (RequestAuthentication existing in _authentications)
        {
            if (existing.Scheme == scheme)
            {
                return existing;
            }
        }

        var added = new RequestAuthentication(scheme, context, this);
        _authentications = [.. _authentications, added];
        return added;
    }

    /// <summary>Notes a refusal. A 503 stays one: another scheme does not know more.</summary>
    public void NoteRefusal(int statusCode) =>
        RefusedWith = RefusedWith == StatusCodes.Status503ServiceUnavailable ? RefusedWith : statusCode;

    private SpidIdentity? FindAccepted(ClaimsIdentity identity) =>
        identity.IsAuthenticated ? Array.Find(_accepted, accepted => accepted.AuthenticationType == identity.AuthenticationType) : null;
}
