using System.Collections.Concurrent;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Holds values by token, up to a limit. When it is full the clock algorithm chooses who leaves: a hand goes round and takes the first
/// entry that has not been used since it last came by. A look takes no lock, and a token that is used once cannot push out one in use.
/// </summary>
internal sealed class BoundedStore<TValue>(int capacity)
    where TValue : class
{
    private readonly ConcurrentDictionary<TokenHash, Slot> _slots = new();
    private readonly List<Slot?> _ring = [];
    private readonly Stack<int> _free = new();
    private readonly Lock _gate = new();
    private int _hand;

    public int Count => _slots.Count;

    public TValue? Find(in TokenHash hash)
    {
        if (!_slots.TryGetValue(hash, out Slot? slot))
        {
            return null;
        }

        // Written only when it changes, so that cores do not fight over a busy entry.
        if (!slot.IsUsed)
        {
            slot.IsUsed = true;
        }

        return slot.Value;
    }

    public void Set(in TokenHash hash, TValue value)
    {
        lock (_gate)
        {
            bool isUsed = _slots.TryGetValue(hash, out Slot? existing) && existing.IsUsed;
            int position = existing?.Position ?? TakePosition();
            var slot = new Slot(hash, value, position) { IsUsed = isUsed };
            _ring[position] = slot;
            _slots[hash] = slot;
        }
    }

    /// <summary>Removes the value of a token.</summary>
    public void Remove(in TokenHash hash)
    {
        lock (_gate)
        {
            if (_slots.TryGetValue(hash, out Slot? slot))
            {
                Remove(slot);
            }
        }
    }

    /// <summary>Removes the value of a token if it is still this one.</summary>
    public void Remove(in TokenHash hash, TValue value)
    {
        lock (_gate)
        {
            if (_slots.TryGetValue(hash, out Slot? slot) && ReferenceEquals(slot.Value, value))
            {
                Remove(slot);
            }
        }
    }

    public void RemoveWhere(Func<TValue, bool> predicate)
    {
        foreach (Slot slot in _slots.Values)
        {
            if (predicate(slot.Value))
            {
                Remove(slot.Hash, slot.Value);
            }
        }
    }

    private int TakePosition()
    {
        if (_free.TryPop(out int free))
        {
            return free;
        }

        if (_ring.Count < capacity)
        {
            _ring.Add(null);
            return _ring.Count - 1;
        }

        while (true)
        {
            // Every position is taken, or there would be a free one.
            Slot slot = _ring[_hand]!;
            int position = _hand;
            _hand = (_hand + 1) % capacity;
            if (!slot.IsUsed)
            {
                _slots.TryRemove(slot.Hash, out _);
                return position;
            }

            slot.IsUsed = false;
        }
    }

    private void Remove(Slot slot)
    {
        _slots.TryRemove(slot.Hash, out _);
        _ring[slot.Position] = null;
        _free.Push(slot.Position);
    }

    private sealed class Slot(TokenHash hash, TValue value, int position)
    {
        private volatile bool _isUsed;

        public TokenHash Hash { get; } = hash;

        public TValue Value { get; } = value;

        public int Position { get; } = position;

        public bool IsUsed
        {
            get => _isUsed;
            set => _isUsed = value;
        }
    }
}
