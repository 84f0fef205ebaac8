using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class GetGet
{
    public static Scenario Scenario { get; } = new(
        "token/get-get", "Callers that find no token share one request and get the same token.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();

        Task<ServerToken> one = rig.GetAsync();
        Task<ServerToken> two = rig.GetAsync();
        Task<ServerToken> three = rig.GetAsync();
        await Guarantee.AllEnd(one, two, three);

        Guarantee.That(rig.Spid.Requests == 1, $"{rig.Spid.Requests} requests for one token");
        Guarantee.That(ReferenceEquals(one.Result, two.Result) && ReferenceEquals(one.Result, three.Result), "callers got different tokens");
    }
}
