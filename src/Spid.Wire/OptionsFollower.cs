using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>Subscribes to the notifications of a monitor.</summary>
internal static class OptionsFollower
{
    /// <summary>Gives what subscribes to changes of the options of one name.</summary>
    public static Func<Action, IDisposable?> ChangesOf<TOptions>(IOptionsMonitor<TOptions> monitor, string name) => update => monitor.OnChange((_, changed) =>
    {
        if ((changed ?? Options.DefaultName) == name)
        {
            update();
        }
    });
}

/// <summary>
/// Keeps something up to date with the options of one name. Notifications can arrive out of order and side by side, so the current
/// options are read instead of the argument, one update at a time. Invalid options change nothing and throw nothing.
/// </summary>
/// <typeparam name="TOptions">The type of the options.</typeparam>
internal sealed class OptionsFollower<TOptions> : IDisposable
{
    private readonly Func<TOptions> _read;
    private readonly Action<TOptions> _apply;
    private readonly RefusedOptions _refused;
    private readonly SerialAction _update;
    private IDisposable? _subscription;
    private bool _isDisposed;

    /// <param name="read">Reads the current options; throws while they are invalid.</param>
    /// <param name="apply">Uses changed options.</param>
    /// <param name="report">Receives the reason when changed options are refused.</param>
    public OptionsFollower(Func<TOptions> read, Action<TOptions> apply, Action<string> report)
    {
        _read = read;
        _apply = apply;
        _refused = new RefusedOptions(report);
        _update = new SerialAction(Update);
    }

    /// <summary>Subscribes to notifications, and reads the options once more.</summary>
    public void Start(Func<Action, IDisposable?> subscribe)
    {
        Volatile.Write(ref _subscription, subscribe(_update.Run));

        // A change between the first look at the options and the subscription would be missed.
        _update.Run();
        if (Volatile.Read(ref _isDisposed))
        {
            _subscription?.Dispose();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        Volatile.Read(ref _subscription)?.Dispose();
    }

    private void Update()
    {
        if (Volatile.Read(ref _isDisposed))
        {
            return;
        }

        try
        {
            _apply(_read());
            _refused.Clear();
        }
        catch (Exception exception)
        {
            if (!Volatile.Read(ref _isDisposed))
            {
                _refused.Report(exception);
            }
        }
    }
}
