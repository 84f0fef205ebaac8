using Spid.Client;

namespace Spid.Hosts.Tests.Shared;

/// <summary>How one call ended for the caller: with a status, or with an exception, in whatever a package wraps it.</summary>
internal sealed record CallOutcome(int Status, Exception? Exception = null)
{
    public SpidException? Failure => FindFailure(Exception);

    public static async Task<CallOutcome> OfAsync(Func<Task<int>> call)
    {
        try
        {
            return new CallOutcome(await call());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Of(exception);
        }
    }

    public static CallOutcome Of(Exception exception) => new((int?)(exception as HttpRequestException)?.StatusCode ?? 0, exception);

    private static SpidException? FindFailure(Exception? exception) => exception switch
    {
        null => null,
        SpidException failure => failure,
        AggregateException several => several.InnerExceptions.Select(FindFailure).FirstOrDefault(failure => failure is not null),
        _ => FindFailure(exception.InnerException),
    };
}
