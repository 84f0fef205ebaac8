using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Spid.Client;

/// <summary>Says which token is wanted: scope, resource indicators and extra parameters.</summary>
/// <remarks>
/// Immutable, thread-safe and compared by value: the order of scopes, resources and parameters does not matter, letter case does.
/// Keep and reuse one instance for each kind of call: it leads to its token without a search. What a request leaves out comes from the
/// <see cref="SpidClientOptions"/> of the client.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class TokenRequest : IEquatable<TokenRequest>
{
    private readonly string[] _scopes;
    private readonly string[] _resources;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly KeyValuePair<string, string>[] _parameters;

    private readonly int _hashCode;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private object? _lastEntry;

    /// <summary>Creates a request.</summary>
    /// <param name="scope">The scopes, space separated (RFC 6749 section 3.3); <see langword="null"/> for those of the client's options.</param>
    /// <param name="resources">The resource indicators, absolute URIs without fragment (RFC 8707 section 2); none for those of the client's options.</param>
    /// <exception cref="ArgumentException">A scope or resource is not of the form that the RFC demands.</exception>
    public TokenRequest(string? scope, params string[] resources)
        : this(scope, resources, [])
    {
    }

    /// <summary>Creates a request with extra parameters of the token endpoint.</summary>
    /// <param name="scope">The scopes, space separated; <see langword="null"/> for those of the client's options.</param>
    /// <param name="resources">The resource indicators; none for those of the client's options.</param>
    /// <param name="parameters">Further form fields; they override those of the client's options by name.</param>
    /// <exception cref="ArgumentException">A scope, resource or parameter name is not of the form that the RFCs demand.</exception>
    public TokenRequest(string? scope, IEnumerable<string> resources, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        ArgumentNullException.ThrowIfNull(resources);
        ArgumentNullException.ThrowIfNull(parameters);

        string[] scopes = SplitScope(scope);
        string[] distinctResources = Distinct([.. resources]);
        Resources = distinctResources;
        Scope = scopes.Length == 0 ? null : string.Join(' ', scopes);
        _scopes = Sorted(scopes);
        _resources = Sorted(distinctResources);
        _parameters = [.. parameters];
        Array.Sort(_parameters, static (one, other) => string.CompareOrdinal(one.Key, other.Key));

        ThrowIfInvalid(scope, nameof(scope), FindScopeError);
        foreach (string resource in Resources)
        {
            ThrowIfInvalid(resource, nameof(resources), FindResourceError);
        }

        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            ThrowIfInvalid(parameter.Key, nameof(parameters), FindParameterError);
        }

        if (_parameters.Length > 1 && _parameters.DistinctBy(parameter => parameter.Key).Count() != _parameters.Length)
        {
            throw new ArgumentException("The request cannot be sent: no parameter may stand twice (RFC 6749 section 3.2).", nameof(parameters));
        }

        _hashCode = ComputeHashCode();
    }

    /// <summary>Gets the scopes in the order given, separated by one space; <see langword="null"/> when left to the client's options.</summary>
    public string? Scope { get; }

    /// <summary>Gets the resource indicators in the order given.</summary>
    public IReadOnlyList<string> Resources { get; }

    /// <summary>Gets the extra form fields, ordered by name. They may hold secrets, so the text form gives their number only and JSON leaves them out.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>
    /// Gets or sets the cache entry that this instance led to the last time, so that a request that is kept need not be searched for.
    /// A hint of the cache, which checks it; no part of what is wanted. The cache stores a weak reference, for a request may outlive its client.
    /// </summary>
    internal object? LastEntry
    {
        get => Volatile.Read(ref _lastEntry);
        set => Volatile.Write(ref _lastEntry, value);
    }

    /// <inheritdoc/>
    public bool Equals(TokenRequest? other) => ReferenceEquals(this, other) || (other is not null
        && _hashCode == other._hashCode
        && _scopes.AsSpan().SequenceEqual(other._scopes)
        && _resources.AsSpan().SequenceEqual(other._resources)
        && HasParametersOf(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TokenRequest);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>Describes the request without the values of its parameters.</summary>
    /// <returns>The scope, the resources and the number of parameters.</returns>
    public override string ToString() =>
        $"TokenRequest {{ Scope = {Scope ?? "(default)"}, Resources = [{string.Join(", ", Resources)}], Parameters = {_parameters.Length} }}";

    /// <summary>Fills in from <paramref name="defaults"/> what this request leaves out.</summary>
    internal TokenRequest WithDefaults(TokenRequest defaults)
    {
        bool takesScope = Scope is null && defaults.Scope is not null;
        bool takesResources = Resources.Count == 0 && defaults.Resources.Count > 0;
        KeyValuePair<string, string>[] missing = MissingParameters(defaults);

        return takesScope || takesResources || missing.Length > 0
            ? new TokenRequest(
                takesScope ? defaults.Scope : Scope,
                takesResources ? defaults.Resources : Resources,
                [.. _parameters, .. missing])
            : this;
    }

    /// <summary>Pairs have no typed equality of their own; comparing them as such would box each one.</summary>
    private bool HasParametersOf(TokenRequest other)
    {
        bool equal = _parameters.Length == other._parameters.Length;
        for (int index = 0; equal && index < _parameters.Length; index++)
        {
            equal = _parameters[index].Key == other._parameters[index].Key && _parameters[index].Value == other._parameters[index].Value;
        }

        return equal;
    }

    private KeyValuePair<string, string>[] MissingParameters(TokenRequest defaults) => defaults._parameters.Length == 0
        ? []
        : [.. defaults._parameters.Where(parameter => !_parameters.Any(own => own.Key == parameter.Key))];

    private static string[] Sorted(string[] values)
    {
        if (values.Length < 2)
        {
            return values;
        }

        string[] sorted = [.. values];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    private int ComputeHashCode()
    {
        var hash = default(HashCode);
        foreach (string scope in _scopes)
        {
            hash.Add(scope);
        }

        foreach (string resource in _resources)
        {
            hash.Add(resource);
        }

        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            hash.Add(parameter.Key);
            hash.Add(parameter.Value);
        }

        return hash.ToHashCode();
    }
}
