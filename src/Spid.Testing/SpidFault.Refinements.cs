using System.Globalization;
using Spid.Testing.Transport;

namespace Spid.Testing;

public sealed partial class SpidFault
{
    /// <summary>Makes the fault take effect only after a while.</summary>
    /// <param name="delay">How long to wait, on the server's clock; zero or more.</param>
    /// <returns>A new fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public SpidFault After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new SpidFault(_name, _replacement, _change) { Wait = delay };
    }

    /// <summary>Adds <c>Retry-After</c> in seconds.</summary>
    /// <param name="delay">How long to wait; sent in whole seconds.</param>
    /// <returns>A new fault.</returns>
    public SpidFault WithRetryAfter(TimeSpan delay) =>
        WithHeader("Retry-After", ((long)delay.TotalSeconds).ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds <c>Retry-After</c> as a date.</summary>
    /// <param name="date">When to come back.</param>
    /// <returns>A new fault.</returns>
    public SpidFault WithRetryAfter(DateTimeOffset date) => WithHeader("Retry-After", date.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a response header, in place of one of the same name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>A new fault.</returns>
    public SpidFault WithHeader(string name, string value) =>
        new(_name, _replacement, reply => _change(reply).With(name, value)) { Wait = Wait };

    internal Reply Apply(Func<Reply> usual) => _change((_replacement ?? usual)());

    private static SpidFault Broken(string name, Delivery delivery, int? sentBytes) => new(name, replacement: null, reply => reply with
    {
        Delivery = delivery,
        SentBytes = sentBytes ?? reply.Body.Length / 2,
    });

    private static byte[] Pad(byte[] body, int size)
    {
        var padding = Math.Max(0, size - body.Length);
        var padded = new byte[padding + body.Length];
        padded.AsSpan(0, padding).Fill((byte)' ');
        body.CopyTo(padded, padding);
        return padded;
    }
}
