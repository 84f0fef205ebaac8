namespace Spid.Testing.Behavior;

/// <summary>Limits how many requests each endpoint answers in a window; the rest get status 420.</summary>
/// <param name="Requests">How many requests pass in a window; 0 or more.</param>
/// <param name="Window">How long a window lasts, from the first request in it; more than zero.</param>
public sealed record SpidRateLimit(int Requests, TimeSpan Window);
