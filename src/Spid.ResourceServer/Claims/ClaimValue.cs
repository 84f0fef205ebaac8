using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Claims;

/// <summary>One value of a claim.</summary>
/// <param name="Type">The name that the token gives it.</param>
/// <param name="Value">The value as text.</param>
/// <param name="ValueType">What kind of value it was, as <see cref="System.Security.Claims.ClaimValueTypes"/> names it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClaimValue(string Type, string Value, string ValueType);
