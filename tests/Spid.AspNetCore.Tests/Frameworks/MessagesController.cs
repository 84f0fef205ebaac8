using Microsoft.AspNetCore.Mvc;
using Spid.AspNetCore.Scopes;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>A controller as a user would write it.</summary>
[ApiController]
[Route("mvc")]
[RequireSpidScope("read:messages")]
public sealed class MessagesController : ControllerBase
{
    [HttpGet]
    public IActionResult Get([FromServices] VerifiedToken token) => Ok(token.ClientId);

    [HttpPost]
    [RequireSpidScope("write:messages")]
    public IActionResult Post() => Ok("written");
}
