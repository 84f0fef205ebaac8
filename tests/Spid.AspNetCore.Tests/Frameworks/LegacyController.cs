using Microsoft.AspNetCore.Mvc;
using Spid.AspNetCore.Scopes;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>A controller without attributes for routing, as services of old have them.</summary>
[RequireSpidScope("read:messages")]
public sealed class LegacyController : Controller
{
    public IActionResult Read() => Ok("read");

    [RequireSpidScope("write:messages")]
    public IActionResult Write() => Ok("written");

    [RequireAnySpidScope("write:messages", "admin")]
    public IActionResult Any() => Ok("written");
}
