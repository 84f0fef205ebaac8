namespace Spid.Wire;

/// <summary>Reads a success body, or says in the library's own words why it cannot.</summary>
internal delegate TAnswer? AnswerReader<out TAnswer>(ReadOnlyMemory<byte> body, out string? fault);
