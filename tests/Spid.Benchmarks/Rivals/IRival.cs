namespace Spid.Benchmarks.Rivals;

/// <summary>A library that calls the service with a token, set up as its documentation shows.</summary>
internal interface IRival : IDisposable
{
    string Name { get; }

    /// <summary>Sends one request to the service, with a token for one of many scopes.</summary>
    Task<bool> CallAsync(int scope);
}
