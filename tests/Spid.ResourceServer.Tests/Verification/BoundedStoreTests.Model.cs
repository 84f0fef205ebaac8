using CsCheck;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>The store against a list with a hand, step by step. CsCheck prints the seed of a sequence that fails.</content>
internal sealed partial class BoundedStoreTests
{
    private static readonly Gen<(int Kind, int Key)[]> Sequences = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 11]).Array[0, 60];

    [Test]
    public void SetFindAndRemove_AnySequence_StoreHoldsWhatTheModelHolds() =>
        Gen.Select(Gen.Int[1, 8], Sequences).Sample(
            (capacity, steps) =>
            {
                var pair = new StoreAndModel(capacity);
                for (int number = 0; number < steps.Length; number++)
                {
                    pair.Step(steps[number].Kind, steps[number].Key, number);
                }
            },
            iter: 4_000,
            threads: 2);

    /// <summary>Does each step to both and compares them.</summary>
    private sealed class StoreAndModel(int capacity)
    {
        private readonly BoundedStore<Item> _store = new(capacity);
        private readonly ClockModel _model = new(capacity);

        public void Step(int kind, int key, int number)
        {
            Item? held = _model.Held.FirstOrDefault(item => item.Key == key);
            switch (kind)
            {
                case <= 3:
                    var item = new Item(key, number);
                    _store.Set(HashOf(key), item);
                    _model.Set(item);
                    break;
                case <= 6:
                    Item? found = _store.Find(HashOf(key));
                    _model.Look(key);
                    Require(ReferenceEquals(found, held), $"step {number}: {key} gives {found} in place of {held}");
                    break;
                case 7:
                    _store.Remove(HashOf(key));
                    _model.Remove(held);
                    break;
                case 8:
                    RemoveByValue(key, number, held);
                    break;
                default:
                    _store.RemoveWhere(Matches);
                    break;
            }

            Require(_store.Count <= capacity, $"step {number}: {_store.Count} entries in a store for {capacity}");
            Require(
                ItemsOf(_store).ToHashSet(ReferenceEqualityComparer.Instance).SetEquals(_model.Held),
                $"step {number}: the store holds {string.Join(", ", ItemsOf(_store))} in place of {string.Join(", ", _model.Held)}");
            Require(_store.Count == _model.Held.Count(), $"step {number}: the count is {_store.Count}");

            // The store says in which order it finds them; the positions become free in that order.
            bool Matches(Item item)
            {
                bool matches = (item.Key + item.Number) % 2 == 0;
                if (matches)
                {
                    _model.Remove(item);
                }

                return matches;
            }
        }

        /// <summary>By turns the value that is held and an equal one that is another.</summary>
        private void RemoveByValue(int key, int number, Item? held)
        {
            bool isHeld = number % 2 == 0;
            Item value = held is null ? new Item(key, -1) : isHeld ? held : held with { };
            _store.Remove(HashOf(key), value);
            _model.Remove(isHeld ? held : null);
        }

        private static void Require(bool holds, string message)
        {
            if (!holds)
            {
                throw new InvalidOperationException(message);
            }
        }
    }

    /// <summary>The clock algorithm in its plainest form: places in a row, a hand, and free places of which the latest is taken first.</summary>
    private sealed class ClockModel(int capacity)
    {
        private readonly (Item Item, bool IsUsed)?[] _places = new (Item, bool)?[capacity];
        private readonly Stack<int> _free = new(Enumerable.Range(0, capacity).Reverse());
        private int _hand;

        public IEnumerable<Item> Held => _places.Where(place => place is not null).Select(place => place!.Value.Item);

        public void Set(Item item)
        {
            int place = PlaceOf(item.Key);
            bool isUsed = place >= 0 && _places[place]!.Value.IsUsed;
            _places[place >= 0 ? place : _free.Count > 0 ? _free.Pop() : Evict()] = (item, isUsed);
        }

        public void Look(int key)
        {
            if (PlaceOf(key) is var place and >= 0)
            {
                _places[place] = (_places[place]!.Value.Item, true);
            }
        }

        public void Remove(Item? item)
        {
            if (item is not null)
            {
                int place = PlaceOf(item.Key);
                _places[place] = null;
                _free.Push(place);
            }
        }

        private int PlaceOf(int key) => Array.FindIndex(_places, place => place?.Item.Key == key);

        private int Evict()
        {
            while (true)
            {
                int place = _hand;
                _hand = (_hand + 1) % capacity;
                if (!_places[place]!.Value.IsUsed)
                {
                    return place;
                }

                _places[place] = (_places[place]!.Value.Item, false);
            }
        }
    }
}
