using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>Reports why changed options are not used: each text once until valid ones come, for one change often causes several notifications.</summary>
/// <param name="report">Receives the text.</param>
internal sealed class RefusedOptions(Action<string> report)
{
    private string? _last;

    public void Report(Exception exception)
    {
        // A container that is being disposed refuses services: that is the end of the host and no fault of the options.
        string text = Describe(exception);
        if (exception is ObjectDisposedException || text == _last)
        {
            return;
        }

        _last = text;
        try
        {
            report(text);
        }
        catch (Exception)
        {
            // A logger that fails must not reach the code that reloads the configuration.
        }
    }

    public void Clear() => _last = null;

    /// <summary>The messages of validation are meant to be read; those of other code may quote values, and a value may be a secret.</summary>
    private static string Describe(Exception exception) => exception is OptionsValidationException validation
        ? validation.Message
        : $"code of the application failed ({exception.GetType().Name}).";
}
