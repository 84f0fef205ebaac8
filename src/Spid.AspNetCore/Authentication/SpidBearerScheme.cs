using Microsoft.Extensions.Options;
using Spid.AspNetCore.Metadata;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>One registered scheme: its verifier and its options as they are now.</summary>
internal sealed class SpidBearerScheme : IDisposable
{
    private readonly OptionsFollower<SpidBearerOptions> _follower;
    private Snapshot _current;

    public SpidBearerScheme(string name, ISpidTokenVerifier verifier, IOptionsMonitor<SpidBearerOptions> options)
    {
        Name = name;
        Verifier = verifier;
        _current = new Snapshot(options.Get(name));

        // The verifier follows the same options and reports what is refused.
        _follower = new OptionsFollower<SpidBearerOptions>(() => options.Get(name), changed => Volatile.Write(ref _current, new Snapshot(changed)), static _ => { });
        _follower.Start(OptionsFollower.ChangesOf(options, name));
    }

    public string Name { get; }

    public ISpidTokenVerifier Verifier { get; }

    public SpidBearerOptions Options => Volatile.Read(ref _current).Options;

    /// <summary>Gets or sets a value indicating whether the metadata of the protected resource are mapped.</summary>
    public bool HasMetadata { get; set; }

    /// <summary>Gets where the metadata are; <see langword="null"/> when they are not mapped, or the options name no URI for the service.</summary>
    public Uri? MetadataAddress => HasMetadata ? Volatile.Read(ref _current).MetadataAddress : null;

    public void Dispose() => _follower.Dispose();

    /// <summary>The options of one moment, and what follows from them.</summary>
    private sealed class Snapshot(SpidBearerOptions options)
    {
        public SpidBearerOptions Options { get; } = options;

        public Uri? MetadataAddress { get; } = ResourceMetadata.FindResource(options) is { } resource ? ResourceMetadata.AddressFor(resource) : null;
    }
}
