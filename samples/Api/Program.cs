using Api;
using Spid.AspNetCore;
using Spid.ResourceServer;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// begin: register
builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer();
builder.Services.AddAuthorization();
builder.Services.AddHealthChecks().AddSpidTokenVerification();
// end: register

builder.Services.AddProblemDetails();
builder.Services.AddSingleton<MessageStore>();

WebApplication app = builder.Build();
app.UseStatusCodePages();
app.UseAuthentication();
app.UseAuthorization();

// begin: endpoints
app.MapGet("/messages", (MessageStore store) => store.All()).RequireSpidScope("read:messages");
app.MapPost("/messages", (NewMessage message, VerifiedToken caller, MessageStore store) => store.Add(caller.ClientId, message)).RequireSpidScope("write:messages");
app.MapSpidProtectedResourceMetadata();
app.MapHealthChecks("/health");
// end: endpoints

await app.RunAsync();
