using Polly;

namespace Spid.Client.Tests.Shared;

/// <summary>A strategy of an application, which does something before and after the request.</summary>
internal sealed class Strategy(Func<Task> before, Action after) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        await before();
        Outcome<TResult> outcome = await callback(context, state);
        after();
        return outcome;
    }
}
