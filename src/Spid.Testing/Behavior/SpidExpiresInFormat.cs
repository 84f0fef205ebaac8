namespace Spid.Testing.Behavior;

/// <summary>Chooses how <c>expires_in</c> is written in token responses.</summary>
public enum SpidExpiresInFormat
{
    /// <summary>As the chosen <see cref="SpidTokenBody"/> has it.</summary>
    Automatic = 0,

    /// <summary>A JSON number.</summary>
    Number = 1,

    /// <summary>Digits in a JSON string.</summary>
    Text = 2,

    /// <summary>Not present.</summary>
    Omitted = 3,
}
