using System.Collections.Concurrent;

namespace Api;

/// <summary>Messages, each with the client that wrote it.</summary>
internal sealed class MessageStore
{
    private readonly ConcurrentQueue<Message> _messages = new();

    public IReadOnlyCollection<Message> All() => _messages;

    public Message Add(string? clientId, NewMessage message)
    {
        var added = new Message(clientId ?? "unknown", message.Text);
        _messages.Enqueue(added);
        return added;
    }
}
