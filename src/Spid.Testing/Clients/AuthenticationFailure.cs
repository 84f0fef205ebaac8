namespace Spid.Testing.Clients;

/// <summary>Why a request comes from no known client.</summary>
internal enum AuthenticationFailure
{
    None,
    SeveralMethods,
    UnknownClient,
    WrongSecret,
}
