namespace Spid.ResourceServer.Keys;

/// <summary>The keys of one answer.</summary>
/// <param name="Keys">Those that can be used, each with an id of its own; never empty.</param>
/// <param name="Skipped">How many are of a kind, size or use that is not supported.</param>
/// <param name="Ambiguous">How many ids stand for different keys, all of which are left out.</param>
/// <param name="Malformed">How many cannot be read at all.</param>
internal sealed record JwksAnswer(SigningKey[] Keys, int Skipped, int Ambiguous, int Malformed = 0);
