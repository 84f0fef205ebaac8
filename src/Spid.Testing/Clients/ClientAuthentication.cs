namespace Spid.Testing.Clients;

/// <summary>The outcome of client authentication: a client or the reason why not.</summary>
internal readonly record struct ClientAuthentication(SpidClientRegistration? Client, AuthenticationFailure Failure);
