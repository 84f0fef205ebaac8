namespace Spid.Client.Http;

/// <summary>The valid options of a handler as they are now.</summary>
internal sealed class CurrentHandlerOptions(SpidTokenHandlerOptions options)
{
    private SpidTokenHandlerOptions _value = options;

    public SpidTokenHandlerOptions Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }
}
