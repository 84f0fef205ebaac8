using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Events;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>Authenticates one request by one scheme, once, however many handlers ask for it.</summary>
internal sealed class RequestAuthentication(SpidBearerScheme scheme, HttpContext context, SpidBearerFeature feature)
{
    private Task<AuthenticateResult>? _task;

    public SpidBearerScheme Scheme { get; } = scheme;

    /// <summary>Gets the options of the beginning of the request, which may change during it.</summary>
    public SpidBearerOptions Options { get; } = scheme.Options;

    /// <summary>Gets the outcome; <see langword="null"/> when the request brings no token, or nothing has been asked yet.</summary>
    public SpidVerificationResult? Result { get; private set; }

    /// <summary>Gets a value indicating whether the request brings more than one token.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Gets a value indicating whether the request has been looked at.</summary>
    public bool HasStarted => _task is not null;

    public Task<AuthenticateResult> AuthenticateAsync() => _task ??= AuthenticateOnce();

    private Task<AuthenticateResult> AuthenticateOnce()
    {
        BearerHeader header = BearerHeader.Read(context.Request, Options.QueryTokenPaths);
        if (header.Kind == BearerHeaderKind.None)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (Options.QueryTokenPaths.Count > 0 && BearerHeader.MayBeInQuery(context.Request, Options.QueryTokenPaths))
        {
            // RFC 6750 section 2.3: an answer to a URL with a token in it must not be kept.
            context.Response.Headers.CacheControl = "no-store";
        }

        if (header.Kind == BearerHeaderKind.Ambiguous)
        {
            IsAmbiguous = true;
            return RejectAsync(SpidVerificationResult.Rejected(SpidVerificationReason.MalformedToken));
        }

        ValueTask<SpidVerificationResult> verification = VerifyAsync(header.Token);
        return verification.IsCompletedSuccessfully
            ? Finish(verification.Result, header.Token)
            : FinishAsync(verification, header.Token);
    }

    private ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token)
    {
        X509Certificate2? certificate = context.Connection.ClientCertificate;
        return certificate is null
            ? Scheme.Verifier.VerifyAsync(token, context.RequestAborted)
            : Scheme.Verifier.VerifyAsync(token, new SpidTokenRequirements { ClientCertificate = certificate }, context.RequestAborted);
    }

    private async Task<AuthenticateResult> FinishAsync(ValueTask<SpidVerificationResult> verification, ReadOnlyMemory<char> token) =>
        await Finish(await verification.ConfigureAwait(false), token).ConfigureAwait(false);

    private Task<AuthenticateResult> Finish(SpidVerificationResult result, ReadOnlyMemory<char> token)
    {
        if (!result.IsAccepted)
        {
            return RejectAsync(result);
        }

        var identity = new SpidIdentity(result.Token, Scheme.Name);
        return Options.Events.OnTokenAccepted is null
            ? Task.FromResult(Accept(result, identity, token))
            : AskApplicationAsync(result, identity, token);
    }

    private AuthenticateResult Accept(SpidVerificationResult result, SpidIdentity identity, ReadOnlyMemory<char> token)
    {
        Result = result;
        feature.Result = result;
        feature.NoteAccepted(identity);

        // SignalR closes connections by it (CloseOnAuthenticationExpiration).
        var properties = new AuthenticationProperties { IssuedUtc = result.Token.IssuedAt, ExpiresUtc = result.Token.ExpiresAt };
        if (Options.SaveToken)
        {
            properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = token.ToString() }]);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name));
    }

    private async Task<AuthenticateResult> AskApplicationAsync(SpidVerificationResult result, SpidIdentity identity, ReadOnlyMemory<char> token)
    {
        var accepted = new SpidTokenAcceptedContext(context, Scheme.Name, result.Token, identity);
        await Options.Events.OnTokenAccepted!(accepted).ConfigureAwait(false);
        return accepted.Refusal is { } refusal
            ? await RejectAsync(refusal).ConfigureAwait(false)
            : Accept(result, identity, token);
    }

    private async Task<AuthenticateResult> RejectAsync(SpidVerificationResult result)
    {
        Result = result;
        feature.Result = result;
        Func<SpidTokenRefusedContext, ValueTask>? handle = result.Status == SpidVerificationStatus.Unavailable ? Options.Events.OnUnavailable : Options.Events.OnRejected;
        if (handle is not null)
        {
            await handle(new SpidTokenRefusedContext(context, Scheme.Name, result)).ConfigureAwait(false);
        }

        return AuthenticateResult.Fail($"{result.Status}: {result.Reason}");
    }
}
