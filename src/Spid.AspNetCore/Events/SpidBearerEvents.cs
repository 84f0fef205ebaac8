namespace Spid.AspNetCore.Events;

/// <summary>What the application does when a token has been looked at. An event that throws ends the request with that exception; it never lets a token in.</summary>
public sealed class SpidBearerEvents
{
    /// <summary>Gets or sets what happens after a token was accepted: add claims, or refuse it after all.</summary>
    public Func<SpidTokenAcceptedContext, ValueTask>? OnTokenAccepted { get; set; }

    /// <summary>Gets or sets what happens after a token was rejected (401) or is not good here (403).</summary>
    public Func<SpidTokenRefusedContext, ValueTask>? OnRejected { get; set; }

    /// <summary>Gets or sets what is invoked when a token cannot be verified because SPiD is unavailable (503).</summary>
    public Func<SpidTokenRefusedContext, ValueTask>? OnUnavailable { get; set; }

    /// <summary>Gets or sets what happens before the answer to a refused request is written: add headers, or write it yourself.</summary>
    /// <remarks>Raised for each scheme that refuses the request, also when <see cref="Microsoft.AspNetCore.Http.HttpResponse.HasStarted"/> says that another one has begun the answer.</remarks>
    public Func<SpidChallengeContext, ValueTask>? OnChallenge { get; set; }
}
