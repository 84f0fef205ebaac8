// An application whose OpenAPI document is made when it is built, where nothing of it is configured.
using Spid.AspNetCore;
using Spid.ResourceServer;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenApi();
builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer().AddSpidBearer("Partners");
builder.Services.AddAuthorization();
builder.Services.AddSpidTokenVerifier();
builder.Services.AddSpidClientCredentials();
builder.Services.AddHttpClient("messages").AddSpidTokenHandler(builder.Configuration.GetSection("Messages"));
builder.Services.AddHealthChecks().AddSpidTokenVerification(SpidBearerDefaults.AuthenticationScheme).AddSpidToken();

WebApplication app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapOpenApi();
app.MapGet("/messages", (VerifiedToken caller) => $"Messages for {caller.ClientId}").RequireSpidScope("read:messages");
app.MapGroup("/partners").MapSpidProtectedResourceMetadata("Partners");
app.MapSpidProtectedResourceMetadata();
app.MapHealthChecks("/health");

await app.RunAsync();
