using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>The services of a request are replaced while it is under way, as containers of tenants do it. What is known of the request stays.</summary>
internal sealed class ReplacedServicesTests
{
    [TestCase(true, Description = "B22: between authentication and authorization")]
    [TestCase(false, Description = "B22: after authorization")]
    public async Task VerifiedToken_ServicesAreReplaced_IsTheParameter(bool isBeforeAuthorization)
    {
        await using ApiRig rig = await StartAsync(isBeforeAuthorization);

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(rig.Spid.ClientId));
    }

    [TestCase(true, Description = "B22: between authentication and authorization")]
    [TestCase(false, Description = "B22: after authorization")]
    public async Task GetSpidVerificationResult_ServicesAreReplaced_BadTokenIsNotAnonymous(bool isBeforeAuthorization)
    {
        await using ApiRig rig = await StartAsync(isBeforeAuthorization);

        string[] answers =
        [
            await rig.Client.GetStringAsync("/open"),
            await (await rig.GetAsync("opaque", "/open")).Content.ReadAsStringAsync(),
            await (await rig.GetAsync(rig.Issue(), "/open")).Content.ReadAsStringAsync(),
        ];

        Assert.That(answers, Is.EqualTo(new[] { "nobody None", "nobody OpaqueToken", rig.Spid.ClientId + " None" }));
    }

    [Test(Description = "B22: the container of a tenant that knows nothing of SPiD")]
    public async Task GetVerifiedToken_ServicesAreOfAnotherContainer_IsTheToken()
    {
        await using ServiceProvider tenant = new ServiceCollection().BuildServiceProvider();
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Run(context =>
            {
                context.RequestServices = tenant;
                return context.Response.WriteAsync($"{context.GetVerifiedToken()?.ClientId ?? "nobody"} {context.GetSpidVerificationResult()?.Status}");
            });
        });

        string[] answers = [await (await rig.GetAsync(rig.Issue())).Content.ReadAsStringAsync(), await (await rig.GetAsync("opaque")).Content.ReadAsStringAsync()];

        Assert.That(answers, Is.EqualTo(new[] { rig.Spid.ClientId + " Accepted", "nobody Rejected" }));
    }

    [Test(Description = "B22: a second verification would cost a call, and could have another outcome")]
    public async Task Challenge_ServicesAreReplaced_TokenIsVerifiedOnce()
    {
        int rejections = 0;
        await using ApiRig rig = await StartAsync(isBeforeAuthorization: true, options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.Cache.MaximumAge = TimeSpan.Zero;
            options.Events.OnUnavailable = _ =>
            {
                rejections++;
                return default;
            };
        });
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That((int)response.StatusCode, Is.EqualTo(503));
        Assert.That((rig.Introspections, rejections), Is.EqualTo((1, 1)));
    }

    [Test(Description = "B22: the scheme of a tenant's container goes by that container's options")]
    public async Task Authenticate_SchemeOfTheSameNameInAnotherContainer_DecidesForItself()
    {
        ApiRig? other = null;
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Run(async context =>
            {
                context.RequestServices = other!.Services.CreateScope().ServiceProvider;
                AuthenticateResult result = await context.AuthenticateAsync(SpidBearerDefaults.AuthenticationScheme);
                await context.Response.WriteAsync($"{result.Succeeded} {context.GetSpidVerificationResult()?.Reason}");
            });
        });
        await using ApiRig tenant = await ApiRig.StartAsync(options => options.Audiences[0] = "https://tenant.example.com");
        other = tenant;

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("False WrongAudience"));
    }

    [Test(Description = "B22: the parts of a batch have features copied from it, and tokens of their own")]
    public async Task GetSpidVerificationResult_PartOfABatch_IsOfItsOwnToken()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Run(async context =>
            {
                var features = new FeatureCollection();
                foreach (KeyValuePair<Type, object> feature in context.Features)
                {
                    features[feature.Key] = feature.Value;
                }

                features.Set<IServiceProvidersFeature>(null);
                features.Set<IHttpRequestFeature>(new HttpRequestFeature { Headers = new HeaderDictionary { ["Authorization"] = "Bearer opaque" } });
                await using AsyncServiceScope scope = context.RequestServices.CreateAsyncScope();
                var part = new DefaultHttpContext(features) { RequestServices = scope.ServiceProvider };
                AuthenticateResult result = await part.AuthenticateAsync();
                await context.Response.WriteAsync($"{result.Succeeded} {part.GetSpidVerificationResult()?.Reason} {context.GetSpidVerificationResult()?.Status}");
            });
        });

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("False OpaqueToken Accepted"));
    }

    [Test(Description = "B22: an error page has a scope of its own")]
    public async Task VerifiedToken_ErrorPageWithAScopeOfItsOwn_IsOfTheCaller()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                CreateScopeForErrors = true,
                ExceptionHandler = context => context.Response.WriteAsync(context.RequestServices.GetRequiredService<VerifiedToken>().ClientId!),
            });
            app.UseAuthentication();
            app.Run(_ => throw new NotSupportedException("boom"));
        });

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(rig.Spid.ClientId));
    }

    private static Task<ApiRig> StartAsync(bool isBeforeAuthorization, Action<SpidBearerOptions>? configure = null) => ApiRig.StartAsync(configure, app =>
    {
        app.UseAuthentication();
        if (isBeforeAuthorization)
        {
            app.Use(ReplaceServices);
            app.UseAuthorization();
        }
        else
        {
            app.UseAuthorization();
            app.Use(ReplaceServices);
        }

        app.MapGet("/messages", (VerifiedToken token) => token.ClientId).RequireSpidScope("read:messages");
        app.MapGet("/open", (HttpContext context) => $"{context.GetVerifiedToken()?.ClientId ?? "nobody"} {context.GetSpidVerificationResult()?.Reason ?? SpidVerificationReason.None}");
    });

    private static async Task ReplaceServices(HttpContext context, RequestDelegate next)
    {
        await using AsyncServiceScope scope = context.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await next(context);
    }
}
