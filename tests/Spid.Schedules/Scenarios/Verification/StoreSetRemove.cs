using Spid.ResourceServer.Verification;

namespace Spid.Schedules.Scenarios.Verification;

internal static class StoreSetRemove
{
    private const int Capacity = 2;

    public static Scenario Scenario { get; } = new(
        "store/set-remove", "A bounded store never holds more than its limit, never gives the value of another token, and loses no position.", RunAsync);

    private static async Task RunAsync()
    {
        var store = new BoundedStore<string>(Capacity);
        store.Set(HashOf("a"), "a");

        Task setting = Task.Run(() =>
        {
            Set(store, "b");
            Set(store, "c");
            Find(store, "a");
        });
        Task removing = Task.Run(() =>
        {
            store.Remove(HashOf("a"));
            Find(store, "b");
            Set(store, "a");
        });
        Task sweeping = Task.Run(() =>
        {
            store.RemoveWhere(value => value is "a" or "b");
            Set(store, "b");
            store.Remove(HashOf("b"), "b");
        });
        await Guarantee.AllEnd(setting, removing, sweeping);

        // Those left leave first; a position that was lost or given twice shows when the store is filled again, twice over.
        foreach (string value in new[] { "d", "e", "f", "g" })
        {
            Set(store, value);
            Guarantee.That(Find(store, value), "a value that was set last is not there");
        }

        Guarantee.That(store.Count == Capacity, $"{store.Count} values in a full store of {Capacity}");
        store.RemoveWhere(_ => true);
        Set(store, "h");
        Set(store, "i");
        Guarantee.That(Find(store, "h") && Find(store, "i"), $"a store of {Capacity} does not hold {Capacity} values");
    }

    private static TokenHash HashOf(string value) => new([.. Enumerable.Repeat((byte)value[0], TokenHash.Size)]);

    private static void Set(BoundedStore<string> store, string value)
    {
        store.Set(HashOf(value), value);
        Guarantee.That(store.Count <= Capacity, $"{store.Count} values in a store of {Capacity}");
    }

    private static bool Find(BoundedStore<string> store, string value)
    {
        string? found = store.Find(HashOf(value));
        Guarantee.That(found is null || found == value, "a token got the value of another");
        return found is not null;
    }
}
