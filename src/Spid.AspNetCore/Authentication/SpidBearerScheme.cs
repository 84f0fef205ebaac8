using Microsoft.Extensions.Options;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>One registered scheme: its verifier and its options as they are now.</summary>
internal sealed class SpidBearerScheme : IDisposable
{
    private readonly IDisposable? _subscription;
    private SpidBearerOptions _options;

    public SpidBearerScheme(string name, ISpidTokenVerifier verifier, IOptionsMonitor<SpidBearerOptions> options)
    {
        Name = name;
        Verifier = verifier;
        _options = options.Get(name);
        _subscription = options.OnChange((changed, changedName) =>
        {
            if (changedName == name)
            {
                Volatile.Write(ref _options, changed);
            }
        });
    }

    public string Name { get; }

    public ISpidTokenVerifier Verifier { get; }

    public SpidBearerOptions Options => Volatile.Read(ref _options);

    /// <summary>Gets or sets where the metadata of the protected resource are; <see langword="null"/> while they are not mapped.</summary>
    public Uri? MetadataAddress { get; set; }

    public void Dispose() => _subscription?.Dispose();
}
