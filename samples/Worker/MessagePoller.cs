using Spid.Client;

namespace Worker;

/// <summary>Asks for messages every ten seconds and lives through whatever goes wrong.</summary>
internal sealed partial class MessagePoller(MessagesClient messages, TimeProvider timeProvider, ILogger<MessagePoller> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), timeProvider);
        do
        {
            await PollAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // begin: errors
    private async Task PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (string message in await messages.GetNewAsync(cancellationToken))
            {
                LogMessage(message);
            }
        }
        catch (SpidException exception) when (exception.Kind == SpidErrorKind.Configuration)
        {
            LogMisconfigured(exception);
        }
        catch (HttpRequestException exception)
        {
            // SPiD or the service is down; a SpidException is an HttpRequestException, so one handler serves both.
            LogUnavailable(exception);
        }
    }
    // end: errors

    [LoggerMessage(1, LogLevel.Information, "Received: {Message}")]
    private partial void LogMessage(string message);

    [LoggerMessage(2, LogLevel.Critical, "SPiD refuses this client as it is configured.")]
    private partial void LogMisconfigured(Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "No messages this time.")]
    private partial void LogUnavailable(Exception exception);
}
