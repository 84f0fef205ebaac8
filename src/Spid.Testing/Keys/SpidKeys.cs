namespace Spid.Testing.Keys;

/// <summary>Holds the signing keys: the one that signs and those that <c>/oauth/jwks</c> publishes.</summary>
/// <remarks>
/// Safe for use from several threads. Unless <see cref="SpidServerOptions.Keys"/> says otherwise two keys are published from the
/// start, as in the documentation; they are made on first use because an RSA key takes a noticeable time to make.
/// </remarks>
public sealed class SpidKeys
{
    private readonly Lock _gate = new();
    private readonly List<SpidSigningKey> _published = [];
    private SpidSigningKey? _current;
    private bool _secondPending;

    internal SpidKeys(IEnumerable<SpidSigningKey> configured)
    {
        _published.AddRange(configured);
        _current = _published.FirstOrDefault();
        _secondPending = _current is null;
    }

    /// <summary>Gets the key that signs new tokens.</summary>
    public SpidSigningKey Current
    {
        get
        {
            lock (_gate)
            {
                return EnsureCurrent();
            }
        }
    }

    /// <summary>Gets a snapshot of the keys in the JWKS, oldest first.</summary>
    public IReadOnlyList<SpidSigningKey> Published
    {
        get
        {
            lock (_gate)
            {
                EnsureBoth();
                return [.. _published];
            }
        }
    }

    /// <summary>Rotates as SPiD's published overlap suggests: makes a key, publishes it and signs with it; older keys stay published.</summary>
    /// <returns>The new key.</returns>
    public SpidSigningKey Rotate()
    {
        var key = new SpidSigningKey();
        Publish(key);
        SignWith(key);
        return key;
    }

    /// <summary>Signs new tokens with a key, published or not.</summary>
    /// <param name="key">The key.</param>
    public void SignWith(SpidSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_gate)
        {
            EnsureBoth();
            _current = key;
        }
    }

    /// <summary>Adds a key to the JWKS; a key that is there already stays as it is.</summary>
    /// <param name="key">The key.</param>
    public void Publish(SpidSigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_gate)
        {
            EnsureBoth();
            if (!_published.Contains(key))
            {
                _published.Add(key);
            }
        }
    }

    /// <summary>Takes a key out of the JWKS; tokens it signed stay active for introspection.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key was published.</returns>
    public bool Withdraw(SpidSigningKey key)
    {
        lock (_gate)
        {
            EnsureBoth();
            return _published.Remove(key);
        }
    }

    private SpidSigningKey EnsureCurrent()
    {
        if (_current is null)
        {
            _current = new SpidSigningKey();
            _published.Add(_current);
        }

        return _current;
    }

    private void EnsureBoth()
    {
        EnsureCurrent();
        if (_secondPending)
        {
            _secondPending = false;
            _published.Add(new SpidSigningKey());
        }
    }
}
