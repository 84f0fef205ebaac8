using Polly;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Stands for the circuit breaker in this build: Polly reads our clock under a lock that Coyote does not see.</summary>
internal sealed class IntrospectionBreaker
{
    public IntrospectionBreaker(IntrospectionSettings settings, TimeProvider timeProvider, IntrospectionPause pause) => _ = (settings, timeProvider, pause);

    public ResiliencePipeline Pipeline { get; } = ResiliencePipeline.Empty;

    public bool IsTesting { get; }
}
