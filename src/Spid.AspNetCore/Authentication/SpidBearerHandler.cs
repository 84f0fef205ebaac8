using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Challenges;
using Spid.AspNetCore.Events;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>Authenticates one request by the token it brings, and words the answer when that is not enough.</summary>
/// <remarks>
/// Implements the platform's interface rather than deriving from its handler: that one creates a logger and reads options for each
/// request, and forwards to other schemes, for which there are policy schemes.
/// </remarks>
internal sealed class SpidBearerHandler(SpidBearerSchemes schemes, SpidBearerState state) : IAuthenticationHandler
{
    private SpidBearerScheme _scheme = null!;
    private SpidBearerOptions _options = null!;
    private HttpContext _context = null!;
    private Task<AuthenticateResult>? _authentication;
    private SpidVerificationResult? _result;
    private bool _isAmbiguous;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _scheme = schemes.Get(scheme.Name);

        // Options may change during a request: its answer goes by those of its beginning.
        _options = _scheme.Options;
        _context = context;
        state.HttpContext = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _authentication ??= AuthenticateOnce();

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        await RefuseAsync(Refusal.ForChallenge(_result, _isAmbiguous, _options.FailureMapping)).ConfigureAwait(false);
    }

    public async Task ForbidAsync(AuthenticationProperties? properties)
    {
        await AuthenticateAsync().ConfigureAwait(false);
        await RefuseAsync(Refusal.ForForbidden(_result, state.MissingScopes)).ConfigureAwait(false);
    }

    private Task<AuthenticateResult> AuthenticateOnce()
    {
        BearerHeader header = BearerHeader.Read(_context.Request, _options.QueryTokenPaths);
        if (header.Kind == BearerHeaderKind.None)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (_options.QueryTokenPaths.Count > 0 && BearerHeader.MayBeInQuery(_context.Request, _options.QueryTokenPaths))
        {
            // RFC 6750 section 2.3: an answer to a URL with a token in it must not be kept.
            _context.Response.Headers.CacheControl = "no-store";
        }

        if (header.Kind == BearerHeaderKind.Ambiguous)
        {
            _isAmbiguous = true;
            return RejectAsync(SpidVerificationResult.Rejected(SpidVerificationReason.MalformedToken));
        }

        ValueTask<SpidVerificationResult> verification = VerifyAsync(header.Token);
        return verification.IsCompletedSuccessfully
            ? Finish(verification.Result)
            : FinishAsync(verification);
    }

    private ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token)
    {
        X509Certificate2? certificate = _context.Connection.ClientCertificate;
        return certificate is null
            ? _scheme.Verifier.VerifyAsync(token, _context.RequestAborted)
            : _scheme.Verifier.VerifyAsync(token, new SpidTokenRequirements { ClientCertificate = certificate }, _context.RequestAborted);
    }

    private async Task<AuthenticateResult> FinishAsync(ValueTask<SpidVerificationResult> verification) =>
        await Finish(await verification.ConfigureAwait(false)).ConfigureAwait(false);

    private Task<AuthenticateResult> Finish(SpidVerificationResult result)
    {
        if (!result.IsAccepted)
        {
            return RejectAsync(result);
        }

        var identity = new SpidIdentity(result.Token, _scheme.Name);
        return _options.Events.OnTokenAccepted is null
            ? Task.FromResult(Accept(result, identity))
            : AskApplicationAsync(result, identity);
    }

    private AuthenticateResult Accept(SpidVerificationResult result, SpidIdentity identity)
    {
        _result = result;
        state.Result = result;
        state.NoteAccepted(identity);

        // SignalR closes connections by it (CloseOnAuthenticationExpiration).
        var properties = new AuthenticationProperties { ExpiresUtc = result.Token.ExpiresAt };
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, _scheme.Name));
    }

    private async Task<AuthenticateResult> AskApplicationAsync(SpidVerificationResult result, SpidIdentity identity)
    {
        var context = new SpidTokenAcceptedContext(_context, _scheme.Name, result.Token, identity);
        await _options.Events.OnTokenAccepted!(context).ConfigureAwait(false);
        return context.Refusal is { } refusal
            ? await RejectAsync(refusal).ConfigureAwait(false)
            : Accept(result, identity);
    }

    private async Task<AuthenticateResult> RejectAsync(SpidVerificationResult result)
    {
        _result = result;
        state.Result = result;
        Func<SpidTokenRefusedContext, ValueTask>? handle = result.Status == SpidVerificationStatus.Unavailable ? _options.Events.OnUnavailable : _options.Events.OnRejected;
        if (handle is not null)
        {
            await handle(new SpidTokenRefusedContext(_context, _scheme.Name, result)).ConfigureAwait(false);
        }

        return AuthenticateResult.Fail($"{result.Status}: {result.Reason}");
    }

    private async Task RefuseAsync(Refusal refusal)
    {
        if (_context.Response.HasStarted)
        {
            return;
        }

        if (_options.Events.OnChallenge is { } handle)
        {
            var context = new SpidChallengeContext(_context, _scheme.Name, refusal.StatusCode, _result);
            await handle(context).ConfigureAwait(false);
            if (context.IsHandled)
            {
                return;
            }
        }

        state.IsUnavailable |= refusal.StatusCode == StatusCodes.Status503ServiceUnavailable;
        refusal.Write(_context.Response, _options.Realm, _scheme.MetadataAddress);
    }
}
