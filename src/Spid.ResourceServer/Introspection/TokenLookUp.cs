using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Asks the platform about an opaque token (<c>GET /api/2/token/{token}/authentication</c>), with a server token of this service.</summary>
internal sealed class TokenLookUp : ITokenStatusEndpoint, IDisposable
{
    private readonly VerifierSettings _settings;
    private readonly VerifierParts _parts;
    private readonly Lazy<TokenClient> _tokens;

    public TokenLookUp(VerifierSettings settings, VerifierParts parts)
    {
        _settings = settings;
        _parts = parts;
        _tokens = new Lazy<TokenClient>(CreateTokenClient);
    }

    public Uri Address => _settings.LookUpEndpoint;

    /// <exception cref="SpidException">There is no server token, or the endpoint cannot serve any token.</exception>
    public async Task<TokenStatusAnswer> AskAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            ServerToken own = await _tokens.Value.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await SendAsync(token, own, cancellationToken).ConfigureAwait(false);
            }
            catch (SpidException exception) when (RefusesOwnToken(exception))
            {
                ServerToken? renewed = await _tokens.Value.RenewTokenAsync(own, cancellationToken).ConfigureAwait(false);
                if (renewed is null)
                {
                    throw;
                }

                return await SendAsync(token, renewed, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException)
        {
            // The options have changed meanwhile.
            throw Failures.Unreachable(Address, "the client was disposed");
        }
    }

    /// <summary>SPiD's opaque tokens are 40 hexadecimal digits.</summary>
    public string MakeUpToken() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    public void Dispose()
    {
        if (_tokens.IsValueCreated)
        {
            _tokens.Value.Dispose();
        }
    }

    private static bool RefusesOwnToken(SpidException exception) =>
        exception is { SpidStatusCode: HttpStatusCode.Unauthorized, OAuthError: null or "invalid_token" or "expired_token" };

    private Task<TokenStatusAnswer> SendAsync(string token, ServerToken own, CancellationToken cancellationToken)
    {
        HttpRequestMessage message = LookUpAddress.CreateRequest(Address, token);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own.AccessToken);
        RequestHeaders.AddTo(message, _settings.SendOidcHeader);
        var answer = new LookUpAnswer(token, keepBody: _settings.Cache.Distributed, _parts.TimeProvider);
        var exchange = new Exchange<SpidIntrospectionResult>(_parts.GetHttpClient(), message, answer.Read, _parts.TimeProvider)
        {
            JsonOnly = true,
            ReadNotFound = LookUpAnswer.ReadNotFound,
            UsesOtherThread = true,
        };
        return TokenStatusAnswer.FromAsync(exchange.SendAsync(cancellationToken), Address);
    }

    private TokenClient CreateTokenClient()
    {
        var httpClient = new HttpClient(new ForwardingHandler(_parts.GetHttpClient));
        Backchannel.Configure(httpClient);
        return new TokenClient(
            new SpidClientOptions
            {
                Authority = new Uri(_settings.Authority),
                TokenEndpoint = _settings.TokenEndpoint,
                AllowPlainHttp = _settings.AllowsPlainHttp,
                ClientId = _settings.ClientId,
                ClientSecret = _settings.Secret!.Reveal(),
                ClientAuthentication = _settings.Authentication,
                SendOidcHeader = _settings.SendOidcHeader,
            },
            httpClient,
            _parts.TimeProvider,
            _parts.LoggerFactory,
            _parts.MeterFactory,
            name: $"{_settings.Name} look-up".TrimStart());
    }
}
