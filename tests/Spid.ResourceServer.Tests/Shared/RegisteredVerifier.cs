using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>The default verifier as an application registers it, with the connections that it really makes, and a clock that the test moves.</summary>
internal sealed class RegisteredVerifier : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegisteredVerifier(LoopbackSpid spid, Forge forge, Action<SpidVerifierOptions> configure)
    {
        Forge = forge;
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(Time);
        services.AddSpidTokenVerifier(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (spid.Authority, Forge.ClientId, VerifierRig.ClientSecret);
            options.Audiences.Add(Forge.Audience);
            options.Issuers.Add(Forge.Issuer);
            configure(options);
        }).Backchannel.AddHttpMessageHandler(() => new Listener(_answered));
        _services = services.BuildServiceProvider();
    }

    public SteppingTime Time { get; } = new();

    public Forge Forge { get; }

    /// <summary>Gets a task that ends when the first answer begins to arrive.</summary>
    public Task Answered => _answered.Task;

    public string Sign(Action<JsonObject>? editHeader = null) => Forge.Sign(Time.GetUtcNow(), editHeader: editHeader);

    public async Task<SpidVerificationResult> VerifyAsync(string token, CancellationToken cancellationToken = default) =>
        await _services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory(), cancellationToken);

    public void Dispose() => _services.Dispose();

    private sealed class Listener(TaskCompletionSource answered) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            answered.TrySetResult();
            return response;
        }
    }
}
