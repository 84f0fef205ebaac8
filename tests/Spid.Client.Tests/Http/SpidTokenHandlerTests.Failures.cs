using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>No token, no request.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase(400, "invalid_client", SpidErrorKind.Configuration)]
    [TestCase(400, "invalid_scope", SpidErrorKind.Configuration)]
    [TestCase(429, "", SpidErrorKind.Throttled)]
    [TestCase(500, "", SpidErrorKind.Transient)]
    [TestCase(200, "", SpidErrorKind.Protocol)]
    [TestCase(307, "", SpidErrorKind.Protocol)]
    public async Task SendAsync_NoTokenToBeHad_ThrowsAndSendsNothing(int status, string code, SpidErrorKind kind, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        rig.Spid.AnswerWith(_ => StubSpid.Error(status, code));

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Client.GetAsync("messages", cancellationToken));
        for (int call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<SpidException>(() => rig.Client.GetAsync("messages", cancellationToken));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.InstanceOf<HttpRequestException>().With.Property(nameof(SpidException.Kind)).EqualTo(kind));
            Assert.That(exception!.OAuthError, Is.EqualTo(code.Length == 0 ? null : code));
            Assert.That(exception.SpidStatusCode, Is.EqualTo((HttpStatusCode)status));
            Assert.That(rig.Api.Count, Is.Zero);
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_AHandlerGivesNoResponse_PlatformSaysSo([Values] bool later, CancellationToken cancellationToken)
    {
        // Without the platform's own loggers, which stumble over it.
        using var rig = new ApiRig(below: http => http.RemoveAllLoggers().AddHttpMessageHandler(() => new ActingHandler(async (_, _) =>
        {
            if (later)
            {
                await Task.Yield();
            }

            return null!;
        })));

        Assert.That(
            async () => await rig.Client.GetAsync("messages", cancellationToken),
            Throws.InvalidOperationException.With.Message.Contains("did not return a response message"));
    }

    [Test]
    public async Task SendAsync_ConnectionToSpidRefused_ThrowsAndSendsNothing(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        rig.Spid.Answer = (_, _, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Client.GetAsync("messages", cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.Message, Is.EqualTo("https://identity-pre.schibsted.com/oauth/token could not be reached: the connection failed (ConnectionError)."));
            Assert.That(exception.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
            Assert.That(rig.Api.Count, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_CallerCancelsWhileWaitingForAToken_ThrowsCancellationAndSendsNothing(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var impatience = new CancellationTokenSource();
        var open = new TaskCompletionSource<HttpResponseMessage>();
        rig.Spid.Answer = (_, _, _) => open.Task;

        Task<HttpResponseMessage> leaving = rig.Client.GetAsync("messages", impatience.Token);
        Task<HttpResponseMessage> staying = rig.Client.GetAsync("messages", cancellationToken);
        await impatience.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => leaving);
        open.SetResult(StubSpid.Token("token-1"));
        using HttpResponseMessage response = await staying;

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
        Assert.That(rig.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_EndpointDownWithAValidToken_GoesOnUntilItExpires(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);
        rig.Spid.AnswerWith(_ => StubSpid.Error(503));

        rig.Time.Advance(TimeSpan.FromSeconds(800));
        using HttpResponseMessage aging = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
    }
}
