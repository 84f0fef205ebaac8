using Polly.Telemetry;

namespace Spid.Client.Tokens;

/// <summary>Keeps what listeners of Polly's meter, enrichers and the like throw away from the fetch of a token.</summary>
internal sealed class SafeTelemetryListener(TelemetryListener inner) : TelemetryListener
{
    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        try
        {
            inner.Write(in args);
        }
        catch (Exception)
        {
            // What is told of a fetch does not change its outcome.
        }
    }
}
