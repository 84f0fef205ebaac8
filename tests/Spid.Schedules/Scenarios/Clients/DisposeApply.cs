using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Clients;

internal static class DisposeApply
{
    public static Scenario Scenario { get; } = new(
        "client/dispose-apply", "New options never bring a disposed client back.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();

        Task applying = Task.Run(() => rig.Tokens.Apply(ClientRig.Options("other")));
        Task disposing = Task.Run(rig.Tokens.Dispose);
        await Guarantee.AllEnd(applying, disposing);

        try
        {
            _ = rig.Tokens.Cache;
            Guarantee.That(holds: false, "the client was disposed and gives tokens again");
        }
        catch (ObjectDisposedException)
        {
            // That is what the caller is promised.
        }
    }
}
