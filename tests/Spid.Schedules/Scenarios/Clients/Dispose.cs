using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Clients;

internal static class Dispose
{
    public static Scenario Scenario { get; } = new(
        "client/dispose", "Callers of a client that is disposed meanwhile get a token or an ObjectDisposedException, and none waits for ever.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();

        Task one = GetOrDisposedAsync(rig);
        Task disposing = Task.Run(rig.Tokens.Dispose);
        Task two = GetOrDisposedAsync(rig);
        Task again = Task.Run(rig.Tokens.Dispose);
        await Guarantee.AllEnd(one, disposing, two, again);

        Guarantee.That(rig.Spid.Requests <= 1, $"{rig.Spid.Requests} requests for one token");
    }

    private static Task GetOrDisposedAsync(ClientRig rig) => Task.Run(async () =>
    {
        try
        {
            await rig.Tokens.GetTokenAsync();
        }
        catch (ObjectDisposedException)
        {
            // That is what the caller is promised.
        }
    });
}
