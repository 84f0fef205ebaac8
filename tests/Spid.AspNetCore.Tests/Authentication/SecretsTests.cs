using System.Collections.Concurrent;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>Edge case 89: neither a token nor the client secret is in anything that the service says, whatever becomes of the request.</summary>
[NonParallelizable] // It listens to the whole process.
internal sealed class SecretsTests
{
    private readonly ConcurrentBag<string> _tokens = [];
    private readonly ConcurrentQueue<string> _said = new();

    [TestCase(SpidVerificationMode.Auto)]
    [TestCase(SpidVerificationMode.Remote)]
    [Description("Edge case 89")]
    public async Task Requests_OfEveryKind_NoSinkHasATokenOrTheSecret(SpidVerificationMode mode)
    {
        using var sinks = new Sinks();
        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            await using PipelineRig rig = await StartAsync(mode);
            await SendAsync(rig);
            sinks.Observe();
            AssertSilence("log", rig.Logs.Lines);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        using (Assert.EnterMultipleScope())
        {
            AssertSilence("activities and metrics", sinks.Entries);
            AssertSilence("answers and exceptions", _said);
            Assert.That(sinks.Entries, Has.Some.Contains("spid.introspection").And.Some.Contains("spid.token.verifications").And.Some.Contains("Microsoft.AspNetCore"));
            Assert.That(_said, Has.Some.Contains("TheEventThrows").And.Some.Contains("insufficient_scope"));
        }
    }

    private static Task<PipelineRig> StartAsync(SpidVerificationMode mode) => PipelineRig.StartAsync(
        options =>
        {
            options.Mode = mode;
            options.AcceptUserTokens = mode == SpidVerificationMode.Auto;
            options.IntrospectOpaqueTokens = true;
            options.Events.OnRejected = context => context.HttpContext.Request.Path == "/throws" ? throw new NotSupportedException($"TheEventThrows {context.Result}") : default;
        },
        app =>
        {
            PipelineRig.Map(app);
            app.MapGet("/throws", () => "").RequireAuthorization();
        },
        services => services.AddProblemDetails());

    /// <summary>Good, refused in each way, unavailable in each way, and an application that throws.</summary>
    private async Task SendAsync(PipelineRig rig)
    {
        string[] hostile;
        using (var maker = new VerifierRig(forge: Forge.CreateUsual()))
        {
            hostile = [.. HostileTokens.Create(maker).Select(entry => entry.Token)];
        }

        string[] tokens =
        [
            rig.Sign(), rig.SignForUser(), rig.Sign(claims => claims["scope"] = "other"), rig.Sign(claims => claims["aud"] = "other"), "opaque-0123456789abcdef", .. hostile,
        ];
        Func<HttpResponseMessage>?[] answers =
        [
            null,
            () => StubSpid.Json("""{"active":false}"""),
            () => StubSpid.Json("""{"active":"true"}"""),
            () => StubSpid.Json("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized),
            () => throw new HttpRequestException("refused", new IOException("refused")),
        ];
        foreach (Func<HttpResponseMessage>? answer in answers)
        {
            if (answer is not null)
            {
                // An endpoint that repeats what it was sent must not make the service repeat it.
                rig.Spid.Introspect = (body, _) =>
                {
                    HttpResponseMessage response = answer();
                    response.ReasonPhrase = "because " + WebUtility.UrlDecode(body).Split('&')[0].Replace("token=", "", StringComparison.Ordinal).Trim();
                    return Task.FromResult(response);
                };
            }

            foreach (string token in answer is null ? tokens : tokens.Take(5))
            {
                await SendAsync(rig, "/messages", token);
            }

            rig.Time.Advance(TimeSpan.FromMinutes(2));
        }

        rig.AnswerActive(claims => claims["scope"] = "other");
        await SendAsync(rig, "/messages", rig.Sign(claims => claims["scope"] = "other"));
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        await SendAsync(rig, "/open", rig.Sign(claims => claims["exp"] = 1));
        await SendAsync(rig, "/throws", rig.Sign(claims => claims["exp"] = 1));
        Answer two = await rig.SendAsync("/messages", $"Bearer {Keep(rig.Sign())}", $"Bearer {Keep(rig.Sign())}");
        _said.Enqueue(two.Headers + two.Body);
    }

    private async Task SendAsync(PipelineRig rig, string path, string token)
    {
        try
        {
            Answer answer = await rig.GetAsync(Keep(token), path);
            _said.Enqueue(answer.Headers + answer.Body);
        }
        catch (NotSupportedException exception)
        {
            _said.Enqueue(exception.ToString());
        }
    }

    private string Keep(string token)
    {
        _tokens.Add(token);
        return token;
    }

    private void Note(object? sender, FirstChanceExceptionEventArgs arguments)
    {
        // Other exceptions than those that quote are of no interest here, and there are many.
        string text = $"{arguments.Exception.GetType().Name} {arguments.Exception.Message}";
        if (text.Contains(PipelineRig.ClientSecret, StringComparison.Ordinal) || _tokens.Any(token => token.Length > 20 && text.Contains(token, StringComparison.Ordinal)))
        {
            _said.Enqueue(text);
        }
    }

    /// <summary>The whole token, its signature, the secret, and the secret as Basic sends it.</summary>
    private void AssertSilence(string sink, IEnumerable<string> entries)
    {
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Forge.ClientId}:{PipelineRig.ClientSecret}"));
        string[] secrets =
        [
            PipelineRig.ClientSecret, basic, .. _tokens.SelectMany(token => new[] { token, token.Split('.')[^1] }).Where(text => text.Length > 20).Distinct(),
        ];
        string all = string.Join('\n', entries);

        Assert.That(all, Is.Not.Empty, sink);
        Assert.That(secrets.Where(secret => all.Contains(secret, StringComparison.Ordinal)), Is.Empty, sink);
    }
}
