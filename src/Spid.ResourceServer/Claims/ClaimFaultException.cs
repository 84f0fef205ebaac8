namespace Spid.ResourceServer.Claims;

/// <summary>A claim has a wrong type. Never leaves <see cref="ClaimsReader"/>; the message names the claim and quotes nothing of it.</summary>
internal sealed class ClaimFaultException(string message) : Exception(message);
