using System.Net;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;
using Spid.Testing.Faults;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>The SignalR client over WebSockets, with tokens from <see cref="ISpidTokenProvider"/> and without the handler.</summary>
[CancelAfter(60_000)]
internal sealed class AccessTokenProviderTests
{
    [Test]
    public async Task StartAsync_TokenOfTheProvider_EachRequestCarriesItInItsHeader([Values] bool skipsNegotiation, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost { Api = { RecordsOnly = true } };
        await using HubServer server = await HubServer.StartAsync(host);
        await using HubConnection connection = server.CreateConnection(options =>
        {
            TakeTokensOf(host, options);
            options.SkipNegotiation = skipsNegotiation;
        });

        await connection.StartAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await HubServer.GetCallerAsync(connection, cancellationToken), Is.EqualTo(host.Spid.ClientId));
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Method), Is.EqualTo(skipsNegotiation ? ["GET"] : new[] { "POST", "GET" }));
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Token), Has.None.Null);
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Uri?.Query), Has.None.Contains("access_token"));
            Assert.That(host.TokenRequests, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task StartAsync_NoTokenToBeHad_FailsWithoutARequest(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost { Api = { RecordsOnly = true } };
        await using HubServer server = await HubServer.StartAsync(host);
        await using HubConnection connection = server.CreateConnection(options => TakeTokensOf(host, options));
        host.Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(400, SpidErrorBody.OAuth, "invalid_client"));

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => connection.StartAsync(cancellationToken));

        Assert.That((exception!.Kind, host.Api.Attempts.Count), Is.EqualTo((SpidErrorKind.Configuration, 0)));
    }

    [Test]
    public async Task StartAsync_TokenIsRevoked_SucceedsAfterARenewal(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using HubServer server = await HubServer.StartAsync(host);
        await using HubConnection connection = server.CreateConnection(options => TakeTokensOf(host, options));
        ISpidTokenProvider tokens = host.Provider.GetRequiredService<ISpidTokenProvider>();
        ServerToken revoked = await tokens.GetTokenAsync(cancellationToken);
        host.Api.Revoke(revoked.AccessToken);

        HttpRequestException? refusal = await Assert.ThrowsAsync<HttpRequestException>(() => connection.StartAsync(cancellationToken));
        await tokens.RenewTokenAsync(revoked, cancellationToken);
        await connection.StartAsync(cancellationToken);

        Assert.That(refusal!.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await HubServer.GetCallerAsync(connection, cancellationToken), Is.EqualTo(host.Spid.ClientId));
    }

    [Test]
    public async Task WithAutomaticReconnect_TokenExpires_ConnectsWithAnotherToken(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost { Api = { RecordsOnly = true } };
        await using HubServer server = await HubServer.StartAsync(host, closesWithTheToken: true);
        await using HubConnection connection = server.CreateConnection(
            options => TakeTokensOf(host, options),
            builder => builder.WithAutomaticReconnect([.. Enumerable.Repeat(TimeSpan.Zero, 100)]));

        // SignalR goes by real time, for which the tokens of the test have expired long ago: once a second it ends the connection.
        var renewed = new TaskCompletionSource();
        connection.Reconnected += _ =>
        {
            if (host.TokenRequests == 2)
            {
                renewed.TrySetResult();
            }

            return Task.CompletedTask;
        };
        await connection.StartAsync(cancellationToken);
        string first = host.Api.LatestToken;

        host.Time.Advance(TimeSpan.FromHours(1));
        await renewed.Task.WaitAsync(cancellationToken);

        Assert.That(host.Api.LatestToken, Is.Not.EqualTo(first));
    }

    private static void TakeTokensOf(ApiHost host, HttpConnectionOptions options)
    {
        ISpidTokenProvider tokens = host.Provider.GetRequiredService<ISpidTokenProvider>();
        options.AccessTokenProvider = async () => (await tokens.GetTokenAsync()).AccessToken;
    }
}
