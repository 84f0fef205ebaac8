using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Events;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Events;

/// <summary>What an application may do when a token has been looked at.</summary>
internal sealed class SpidBearerEventsTests
{
    [Test]
    public async Task OnTokenAccepted_AddsAClaim_EndpointSeesItOnHitAndMiss()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            options => options.Events.OnTokenAccepted = context =>
            {
                context.Identity.AddClaim(new Claim("tenant", $"{context.Token.ClientId}@{context.Scheme}{context.HttpContext.Request.Path}"));
                return default;
            },
            app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", (HttpContext context) => context.User.FindFirst("tenant")!.Value).RequireAuthorization();
            });
        string token = rig.Issue();

        string[] answers = [await (await rig.GetAsync(token)).Content.ReadAsStringAsync(), await (await rig.GetAsync(token)).Content.ReadAsStringAsync()];

        Assert.That(answers, Is.All.EqualTo($"{rig.Spid.ClientId}@SpidBearer/messages"));
    }

    [TestCase(true, HttpStatusCode.Forbidden)]
    [TestCase(false, HttpStatusCode.Unauthorized)]
    public async Task OnTokenAccepted_Refuses_TokenIsNotLetIn(bool forbids, HttpStatusCode expected)
    {
        SpidVerificationResult? seen = null;
        await using ApiRig rig = await ApiRig.StartAsync(options =>
        {
            options.Events.OnTokenAccepted = context =>
            {
                if (forbids)
                {
                    context.Forbid();
                }
                else
                {
                    context.Reject();
                }

                return default;
            };
            options.Events.OnRejected = context =>
            {
                seen = context.Result;
                return default;
            };
        });

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(seen?.IsAccepted, Is.False);
    }

    [Test]
    public async Task OnTokenAccepted_Throws_NobodyIsLetIn()
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.Events.OnTokenAccepted = _ => throw new NotSupportedException("boom"));

        await Assert.ThatAsync(() => rig.GetAsync(rig.Issue()), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public async Task OnRejectedAndOnUnavailable_Failures_AreToldApart()
    {
        List<string> seen = [];
        await using ApiRig rig = await ApiRig.StartAsync(options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.Events.OnRejected = context =>
            {
                seen.Add($"rejected {context.Result.Reason} {context.Scheme} {context.HttpContext.GetSpidVerificationResult()?.Reason}");
                return default;
            };
            options.Events.OnUnavailable = context =>
            {
                seen.Add($"unavailable {context.Result.Reason}");
                return default;
            };
        });

        await rig.GetAsync("opaque");
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));
        await rig.GetAsync(rig.Issue());

        Assert.That(seen, Is.EqualTo(new[] { "rejected OpaqueToken SpidBearer OpaqueToken", "unavailable IntrospectionFailed" }));
    }

    [Test]
    public async Task OnRejected_TwoTokensInOneRequest_IsRaised()
    {
        List<SpidVerificationReason> seen = [];
        await using ApiRig rig = await ApiRig.StartAsync(options => options.Events.OnRejected = context =>
        {
            seen.Add(context.Result.Reason);
            return default;
        });

        using HttpResponseMessage response = await rig.SendHeaderAsync($"Bearer {rig.Issue()}", $"Bearer {rig.Issue()}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(seen, Is.EqualTo(new[] { SpidVerificationReason.MalformedToken }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task OnChallenge_AddsOrReplaces_AnswerIsTheApplications(bool handles)
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.Events.OnChallenge = context =>
        {
            context.HttpContext.Response.Headers["X-Why"] = $"{context.StatusCode} {context.Scheme} {context.Result?.Reason}";
            if (handles)
            {
                context.HttpContext.Response.StatusCode = 418;
                context.Handle();
            }

            return default;
        });

        using HttpResponseMessage response = await rig.GetAsync("opaque");

        Assert.That((int)response.StatusCode, Is.EqualTo(handles ? 418 : 401));
        Assert.That(response.Headers.GetValues("X-Why"), Is.EqualTo(new[] { "401 SpidBearer OpaqueToken" }));
        Assert.That(response.Headers.WwwAuthenticate.Count, Is.EqualTo(handles ? 0 : 1));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("The first scheme's answer is under way, or only its headers are")]
    public async Task OnChallenge_TwoSchemes_IsRaisedForEach(bool writes)
    {
        List<string> seen = [];
        Func<SpidChallengeContext, ValueTask> note = async context =>
        {
            seen.Add($"{context.Scheme} {context.HttpContext.Response.HasStarted}");
            context.Handle();
            if (writes && !context.HttpContext.Response.HasStarted)
            {
                await context.HttpContext.Response.WriteAsync("refused");
            }
        };
        await using ApiRig rig = await ApiRig.StartAsync(
            options => options.Events.OnChallenge = note,
            app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireSpidScope(["read:messages"], "SpidBearer,Other");
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Events.OnChallenge = note;
            }));

        using HttpResponseMessage response = await rig.GetAsync("opaque");

        Assert.That(seen, Is.EqualTo(new[] { "SpidBearer False", $"Other {writes}" }));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(writes ? "refused" : ""));
    }
}
