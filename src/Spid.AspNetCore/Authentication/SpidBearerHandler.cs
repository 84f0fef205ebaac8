using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Challenges;
using Spid.AspNetCore.Events;

namespace Spid.AspNetCore.Authentication;

/// <summary>Authenticates one request by the token it brings, and words the answer when that is not enough.</summary>
/// <remarks>
/// Implements the platform's interface rather than deriving from its handler: that one creates a logger and reads options for each
/// request, and forwards to other schemes, for which there are policy schemes.
/// </remarks>
internal sealed class SpidBearerHandler(SpidBearerSchemes schemes) : IAuthenticationHandler
{
    private HttpContext _context = null!;
    private SpidBearerFeature _feature = null!;
    private RequestAuthentication _authentication = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        _feature = SpidBearerFeature.Of(context);
        _authentication = _feature.For(schemes.Get(scheme.Name), context);
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _authentication.AuthenticateAsync();

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        // The authentication middleware leaves this feature, whatever it finds.
        bool isFirst = !_authentication.HasStarted && _context.Features.Get<IAuthenticationFeature>() is null;
        await AuthenticateAsync().ConfigureAwait(false);
        if (isFirst && _authentication.Result is not null)
        {
            _authentication.Scheme.WarnOfMissingAuthentication();
        }

        await RefuseAsync(Refusal.ForChallenge(_authentication.Result, _authentication.IsAmbiguous, _authentication.Options.FailureMapping)).ConfigureAwait(false);
    }

    public async Task ForbidAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        await RefuseAsync(Refusal.ForForbidden(_authentication.Result, _feature.MissingScopes)).ConfigureAwait(false);
    }

    private async Task RefuseAsync(Refusal refusal)
    {
        SpidBearerScheme scheme = _authentication.Scheme;
        if (_authentication.Options.Events.OnChallenge is { } handle)
        {
            var context = new SpidChallengeContext(_context, scheme.Name, refusal.StatusCode, _authentication.Result);
            await handle(context).ConfigureAwait(false);
            if (context.IsHandled)
            {
                return;
            }
        }

        if (_context.Response.HasStarted)
        {
            return;
        }

        if (_authentication.Result is not null && refusal.IsOfToken)
        {
            _feature.NoteRefusal(refusal.StatusCode);
        }

        refusal.Write(_context.Response, _authentication.Options.Realm, scheme.MetadataAddress);
    }
}
