using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);

// begin: register
builder.Services.AddSpidClientCredentials();
builder.Services
    .AddHttpClient<MessagesClient>(client => client.BaseAddress = new Uri("https://messages.example.com"))
    .AddSpidTokenHandler();
// end: register

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHostedService<MessagePoller>();
builder.Services.AddHealthChecks().AddSpidToken();

await builder.Build().RunAsync();
