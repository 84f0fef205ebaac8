using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What is kept, what is removed, and which entry leaves when the store is full.</summary>
internal sealed partial class BoundedStoreTests
{
    [Test]
    public void Set_FullStoreWithoutLooks_EvictsTheOldest()
    {
        var store = new BoundedStore<Item>(3);

        Fill(store, 0, 5);

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(store.Count, Is.EqualTo(3));
    }

    [Test(Description = "Second chance: an entry in use survives a pass of the hand over entries that are used once")]
    public void Set_EntryIsLookedAtBetweenManyOthers_EntryStays()
    {
        var store = new BoundedStore<Item>(4);
        Item busy = Set(store, 0);

        for (int key = 1; key < 100; key++)
        {
            Set(store, key);
            Assert.That(store.Find(HashOf(0)), Is.SameAs(busy), $"after {key} others");
        }
    }

    [Test]
    public void Set_LookedAtOnceAndNotSince_EntryLeavesInTheSecondRound()
    {
        var store = new BoundedStore<Item>(3);
        Fill(store, 0, 3);
        store.Find(HashOf(0));

        Fill(store, 3, 2);
        int[] afterFirstRound = KeysOf(store);
        Set(store, 5);

        Assert.That(afterFirstRound, Is.EqualTo(new[] { 0, 3, 4 }));
        Assert.That(KeysOf(store), Is.EqualTo(new[] { 3, 4, 5 }));
    }

    [Test]
    public void Set_EveryEntryIsInUse_OneLeavesAllTheSame()
    {
        var store = new BoundedStore<Item>(3);
        Fill(store, 0, 3);
        for (int key = 0; key < 3; key++)
        {
            store.Find(HashOf(key));
        }

        Set(store, 3);

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Set_SameTokenAgain_ReplacesTheValueAndEvictsNone()
    {
        var store = new BoundedStore<Item>(2);
        Fill(store, 0, 2);

        Item newer = Set(store, 0);

        Assert.That(store.Find(HashOf(0)), Is.SameAs(newer));
        Assert.That(KeysOf(store), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test(Description = "A value that is replaced is still as much in use as before")]
    public void Set_SameTokenAgainAfterALook_EntryKeepsItsSecondChance()
    {
        var store = new BoundedStore<Item>(2);
        Fill(store, 0, 2);
        store.Find(HashOf(0));
        Set(store, 0);

        Set(store, 2);

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 0, 2 }));
    }

    [Test]
    public void Remove_FullStore_ItsPositionIsTakenNextAndNoneIsEvicted()
    {
        var store = new BoundedStore<Item>(3);
        Fill(store, 0, 3);

        store.Remove(HashOf(1));
        Set(store, 3);

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 0, 2, 3 }));
    }

    [Test]
    public void Remove_UnknownToken_ChangesNothing()
    {
        var store = new BoundedStore<Item>(2);
        Fill(store, 0, 2);

        store.Remove(HashOf(7));
        store.Remove(HashOf(7), new Item(7, 0));

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test(Description = "A value that was replaced meanwhile must not take the newer one with it, however alike they are")]
    public void Remove_ValueThatWasReplaced_NewerValueStays()
    {
        var store = new BoundedStore<Item>(2);
        var older = new Item(0, 1);
        var newer = new Item(0, 1);
        store.Set(HashOf(0), older);
        store.Set(HashOf(0), newer);

        store.Remove(HashOf(0), older);
        Item? left = store.Find(HashOf(0));
        store.Remove(HashOf(0), newer);

        Assert.That(left, Is.SameAs(newer));
        Assert.That(store.Find(HashOf(0)), Is.Null);
    }

    [Test]
    public void RemoveWhere_ValueIsReplacedDuringTheSearch_NewerValueStays()
    {
        var store = new BoundedStore<Item>(2);
        Set(store, 0);
        var newer = new Item(0, -1);

        store.RemoveWhere(item =>
        {
            if (item != newer)
            {
                store.Set(HashOf(0), newer);
            }

            return item != newer;
        });

        Assert.That(store.Find(HashOf(0)), Is.SameAs(newer));
    }

    [Test(Description = "Looks for what to remove are no use of an entry")]
    public void RemoveWhere_NoneMatches_GivesNoSecondChance()
    {
        var store = new BoundedStore<Item>(2);
        Fill(store, 0, 2);

        store.RemoveWhere(_ => false);
        Set(store, 2);

        Assert.That(KeysOf(store), Is.EqualTo(new[] { 1, 2 }));
    }

    private static TokenHash HashOf(int key)
    {
        Span<byte> bytes = stackalloc byte[TokenHash.Size];
        bytes.Fill((byte)key);
        return new TokenHash(bytes);
    }

    private static void Fill(BoundedStore<Item> store, int first, int count)
    {
        for (int key = first; key < first + count; key++)
        {
            Set(store, key);
        }
    }

    private static Item Set(BoundedStore<Item> store, int key)
    {
        var item = new Item(key, 0);
        store.Set(HashOf(key), item);
        return item;
    }

    private static int[] KeysOf(BoundedStore<Item> store) => [.. ItemsOf(store).Select(item => item.Key).Order()];

    /// <summary>Reads the whole store without using an entry.</summary>
    private static List<Item> ItemsOf(BoundedStore<Item> store)
    {
        List<Item> items = [];
        store.RemoveWhere(item =>
        {
            items.Add(item);
            return false;
        });
        return items;
    }

    /// <summary>Equal items are not the same item.</summary>
    private sealed record Item(int Key, int Number);
}
