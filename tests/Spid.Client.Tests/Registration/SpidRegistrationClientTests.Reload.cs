using System.Net;
using Spid.Client.Registration;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Registration;

/// <content>Options that change while a registration is under way: token and address are of one authority.</content>
internal sealed partial class SpidRegistrationClientTests
{
    private const string OldAuthority = "https://identity-pre.schibsted.com";

    [Test(Description = "A37")]
    public async Task RegisterAsync_AuthorityChangesWhileTheTokenIsWaitedFor_StaysWithTheOldOne(CancellationToken cancellationToken)
    {
        var open = new TaskCompletionSource();
        _spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));
        Task<SpidRegisteredClient> registering = _client.RegisterAsync(Request, cancellationToken);
        await Wait.UntilAsync(() => _spid.Count == 1);

        _tokens.Apply(OtherAuthority());
        open.SetResult();
        await registering;

        Assert.That(_addresses, Is.EqualTo(new[] { $"{OldAuthority}/oauth/token", $"{OldAuthority}/oauth/register" }));
    }

    [Test(Description = "A37")]
    public async Task RegisterAsync_AuthorityChangesBeforeTheTokenIsRefused_RenewsAtTheOldOne(CancellationToken cancellationToken)
    {
        _spid.Answer = (number, _, _) =>
        {
            if (number == 1)
            {
                _tokens.Apply(OtherAuthority());
            }

            return Task.FromResult(StubSpid.Token($"token-{number}"));
        };
        _answers.Enqueue(StubSpid.Error(401, "invalid_token"));
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));

        await _client.RegisterAsync(Request, cancellationToken);

        Assert.That(_addresses, Has.Count.EqualTo(4).And.All.StartsWith(OldAuthority));
        Assert.That(_registrations.Select(registration => registration.Authorization), Is.EqualTo(new[] { "Bearer token-1", "Bearer token-2" }));
    }

    [Test(Description = "A37")]
    public async Task RegisterAsync_AuthorityChangedBefore_GoesToTheNewOne(CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));
        _tokens.Apply(OtherAuthority());

        await _client.RegisterAsync(Request, cancellationToken);

        Assert.That(_addresses, Is.EqualTo(new[] { "https://payment.schibsted.no/oauth/token", "https://payment.schibsted.no/oauth/register" }));
    }

    private static SpidClientOptions OtherAuthority()
    {
        SpidClientOptions options = TestClient.Options();
        options.Environment = SpidEnvironment.Norway;
        return options;
    }
}
