namespace Spid.Testing.Faults;

/// <summary>Names the error bodies seen from SPiD and from the machines in front of it.</summary>
public enum SpidErrorBody
{
    /// <summary>RFC 6749: <c>error</c> and <c>error_description</c>; the modern backend.</summary>
    OAuth = 0,

    /// <summary>Flat with <c>error_code</c> as text such as "400 Bad Request" and <c>type</c> OAuthException; the legacy token endpoint.</summary>
    Flat = 1,

    /// <summary>Flat with <c>error_code</c> as a number and a description full of quotes; a bad token at an API.</summary>
    FlatToken = 2,

    /// <summary>Flat with <c>error_code</c> as digits in a string; an expired token at an API.</summary>
    FlatTextCode = 3,

    /// <summary><c>error</c> is an object with <c>code</c>, <c>type</c> and <c>description</c>.</summary>
    Nested = 4,

    /// <summary>As <see cref="Nested"/>, with an object of field messages as <c>description</c>.</summary>
    NestedFields = 5,

    /// <summary>The platform API's container around a nested error.</summary>
    Container = 6,

    /// <summary>An HTML page.</summary>
    Html = 7,

    /// <summary>One line of plain text.</summary>
    PlainText = 8,

    /// <summary>No body at all.</summary>
    Empty = 9,
}
