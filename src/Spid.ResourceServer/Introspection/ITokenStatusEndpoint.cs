namespace Spid.ResourceServer.Introspection;

/// <summary>An endpoint that says whether a token is active: introspection, or the look-up of opaque tokens.</summary>
internal interface ITokenStatusEndpoint
{
    /// <summary>Gets the address, without a token.</summary>
    Uri Address { get; }

    /// <summary>Sends one request.</summary>
    /// <exception cref="Spid.Client.SpidException">The endpoint cannot serve any token: it is down, asks for a pause, or refuses the credentials.</exception>
    Task<TokenStatusAnswer> AskAsync(string token, CancellationToken cancellationToken);

    /// <summary>Makes a random token of the form that this endpoint expects. No server has issued it.</summary>
    string MakeUpToken();
}
