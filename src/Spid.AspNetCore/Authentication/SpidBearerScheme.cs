using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Diagnostics;
using Spid.AspNetCore.Metadata;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>One registered scheme: its verifier and its options as they are now.</summary>
internal sealed class SpidBearerScheme : IDisposable
{
    private readonly OptionsFollower<SpidBearerOptions> _follower;
    private readonly ILogger _logger;
    private Snapshot _current;
    private int _hasWarned;

    public SpidBearerScheme(string name, ISpidTokenVerifier verifier, IOptionsMonitor<SpidBearerOptions> options, ILogger logger)
    {
        _logger = logger;
        Name = name;
        AsList = [name];
        Verifier = verifier;
        _current = new Snapshot(options.Get(name));

        // The verifier follows the same options and reports what is refused.
        _follower = new OptionsFollower<SpidBearerOptions>(() => options.Get(name), changed => Volatile.Write(ref _current, new Snapshot(changed)), static _ => { });
        _follower.Start(OptionsFollower.ChangesOf(options, name));
    }

    public string Name { get; }

    /// <summary>Gets the name as the only one of a list, so that not every request makes one.</summary>
    public IReadOnlyList<string> AsList { get; }

    public ISpidTokenVerifier Verifier { get; }

    public SpidBearerOptions Options => Volatile.Read(ref _current).Options;

    /// <summary>Gets or sets a value indicating whether the metadata of the protected resource are mapped.</summary>
    public bool HasMetadata { get; set; }

    /// <summary>Gets where the metadata are; <see langword="null"/> when they are not mapped, or the options name no URI for the service.</summary>
    public Uri? MetadataAddress => HasMetadata ? Volatile.Read(ref _current).MetadataAddress : null;

    /// <summary>Says that the middleware that looks at tokens stands too low or is missing. Once: every request has the same fault.</summary>
    public void WarnOfMissingAuthentication()
    {
        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            Log.AuthenticationMissing(_logger, Name);
        }
    }

    public void Dispose() => _follower.Dispose();

    /// <summary>The options of one moment, and what follows from them.</summary>
    private sealed class Snapshot(SpidBearerOptions options)
    {
        public SpidBearerOptions Options { get; } = options;

        public Uri? MetadataAddress { get; } = ResourceMetadata.FindResource(options) is { } resource ? ResourceMetadata.AddressFor(resource) : null;
    }
}
