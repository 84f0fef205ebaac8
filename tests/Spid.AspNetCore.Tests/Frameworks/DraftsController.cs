using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>A controller that leaves it to filters who may read, and asks itself who may write.</summary>
public sealed class DraftsController(IAuthorizationService authorization) : ControllerBase
{
    [HttpGet("/drafts")]
    [HttpGet("/filter")]
    public IActionResult Read() => Ok("drafts");

    [Authorize]
    [HttpGet("/mvc-result")]
    public async Task<IActionResult> Write() => (await authorization.AuthorizeAsync(User, "Write")).Succeeded ? Ok() : Forbid();
}
