namespace Spid.Client.Tests.Shared;

/// <summary>The ways in which a handler carries the headers of one message over to the next.</summary>
internal enum HeaderCopy
{
    Text,
    TextBeforeTheAnswer,
    Value,
    SameMessage,
}
