namespace Spid.Client;

/// <summary>Says how the client id and secret travel to SPiD.</summary>
public enum SpidClientAuthentication
{
    /// <summary>An <c>Authorization: Basic</c> header over the raw id and secret, as SPiD documents it (RFC 7617). The default.</summary>
    Basic,

    /// <summary>An <c>Authorization: Basic</c> header over the form-encoded id and secret (RFC 6749 section 2.3.1).</summary>
    BasicFormEncoded,

    /// <summary>The form fields <c>client_id</c> and <c>client_secret</c> in the request body (RFC 6749 section 2.3.1).</summary>
    Body,
}
