using QuickStart;
using Spid.Testing;

// SPiD and the service to be called run in this process; nothing leaves the machine. The service belongs to another merchant.
var service = new SpidClientRegistration { Merchant = "messages", ResourceDomains = ["messages.example.com"] };
await using SpidServer spid = await SpidServer.StartAsync(options =>
{
    options.Behavior.TokenLifetime = TimeSpan.FromSeconds(4);
    options.Clients.Add(service);
});
await using MessagesApi api = await MessagesApi.StartAsync(spid, service);

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();

// begin: register
builder.Services.AddSpidClientCredentials(options =>
{
    options.Authority = spid.BaseAddress;           // or options.Environment = SpidEnvironment.PreProduction
    options.ClientId = spid.ClientId;
    options.ClientSecret = spid.ClientSecret;
    options.Scope = "read:messages";
    options.Resources.Add(MessagesApi.Resource);
});
builder.Services
    .AddHttpClient("messages", client => client.BaseAddress = api.Address)
    .AddSpidTokenHandler();
// end: register

using IHost host = builder.Build();
await host.StartAsync();
var story = new Story(spid, api, host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("messages"));

Console.WriteLine($"SPiD listens on {spid.BaseAddress}, the API on {api.Address}. A token lives for 4 seconds.");
await story.ManyCallsAsync();
await story.RefreshUnderLoadAsync();
await story.RevokedTokenAsync();
await story.StrangerAsync();
await story.MissingScopeAsync();
await story.KeyRotationAsync();
await story.OutageAsync();
return story.End();
