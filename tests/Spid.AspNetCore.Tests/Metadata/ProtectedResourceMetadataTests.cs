using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Metadata;

/// <summary>Edge case 99: RFC 9728.</summary>
internal sealed class ProtectedResourceMetadataTests
{
    [TestCase("https://messages.example.com", "/.well-known/oauth-protected-resource")]
    [TestCase("https://messages.example.com/", "/.well-known/oauth-protected-resource")]
    [TestCase("https://messages.example.com/api/v1", "/.well-known/oauth-protected-resource/api/v1")]
    [TestCase("https://messages.example.com/api/v1/", "/.well-known/oauth-protected-resource/api/v1")]
    [Description("Edge case 99: at the root and with path insertion")]
    public async Task Metadata_Resource_IsFoundAtItsWellKnownPath(string resource, string path)
    {
        await using ApiRig rig = await StartAsync(options =>
        {
            options.Resource = new Uri(resource);
            options.ScopesSupported.Add("read:messages");
        });

        using HttpResponseMessage response = await rig.GetAsync(null, path);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        Assert.That(
            await response.Content.ReadAsStringAsync(),
            Is.EqualTo($$"""{"resource":"{{resource}}","authorization_servers":["https://spid.test"],"scopes_supported":["read:messages"],"bearer_methods_supported":["header"]}"""));
    }

    [TestCase("https://messages.example.com/my%20service/%7Bx%7D")]
    [TestCase("https://messages.example.com/a%2Fb")]
    [TestCase("https://messages.example.com/caf%C3%A9/")]
    [Description("Edge case 99: a path with escapes")]
    public async Task Metadata_AddressInTheChallenge_LeadsThere(string resource)
    {
        await using ApiRig rig = await StartAsync(options => options.Resource = new Uri(resource));
        using HttpResponseMessage challenge = await rig.GetAsync(null);

        using HttpResponseMessage metadata = await rig.GetAsync(null, AddressIn(challenge).PathAndQuery);

        Assert.That(metadata.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(JsonNode.Parse(await metadata.Content.ReadAsStringAsync())!["resource"]!.GetValue<string>(), Is.EqualTo(resource));
    }

    [Test]
    public async Task Metadata_ResourceChangesWithTheConfiguration_AddressInTheChallengeLeadsToTheNewOne()
    {
        const string Before = "https://messages.example.com/v1";
        const string After = "https://moved.example.com/v2";
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Resource"] = Before }).Build();
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                ApiRig.MapMessages(app);
                app.MapSpidProtectedResourceMetadata();
            },
            authentication: (builder, _) => builder.AddSpidBearer(configuration));
        using HttpResponseMessage before = await rig.GetAsync(null);

        configuration["Resource"] = After;
        configuration.Reload();

        using HttpResponseMessage after = await rig.GetAsync(null);
        using HttpResponseMessage metadata = await rig.GetAsync(null, AddressIn(after).PathAndQuery);
        using HttpResponseMessage old = await rig.GetAsync(null, AddressIn(before).PathAndQuery);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AddressIn(before).AbsoluteUri, Is.EqualTo("https://messages.example.com/.well-known/oauth-protected-resource/v1"));
            Assert.That(AddressIn(after).AbsoluteUri, Is.EqualTo("https://moved.example.com/.well-known/oauth-protected-resource/v2"));
            Assert.That(await metadata.Content.ReadAsStringAsync(), Does.Contain(After));
            Assert.That(old.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Metadata_TwoSchemes_EachHasItsOwn()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            options => options.Resource = new Uri("https://messages.example.com/one"),
            app =>
            {
                app.MapSpidProtectedResourceMetadata();
                app.MapSpidProtectedResourceMetadata("Other");
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Resource = new Uri("https://messages.example.com/two");
            }));

        string[] bodies =
        [
            await rig.Client.GetStringAsync("/.well-known/oauth-protected-resource/one"), await rig.Client.GetStringAsync("/.well-known/oauth-protected-resource/TWO/"),
        ];
        using HttpResponseMessage neither = await rig.GetAsync(null, "/.well-known/oauth-protected-resource");

        Assert.That(bodies[0], Does.Contain("https://messages.example.com/one"));
        Assert.That(bodies[1], Does.Contain("https://messages.example.com/two"));
        Assert.That(neither.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test(Description = "Edge case 99: behind a proxy with a hostile Host")]
    public async Task Metadata_HostileHost_IsRepeatedNowhere()
    {
        await using ApiRig rig = await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-protected-resource") { Headers = { Host = "evil.example.com" } };
        request.Headers.Add("X-Forwarded-Host", "evil.example.com");
        using HttpResponseMessage metadata = await rig.Client.SendAsync(request);
        var refused = new HttpRequestMessage(HttpMethod.Get, "/messages") { Headers = { Host = "evil.example.com" } };
        using HttpResponseMessage challenge = await rig.Client.SendAsync(refused);

        Assert.That(await metadata.Content.ReadAsStringAsync(), Does.Contain("https://messages.example.com").And.Not.Contain("evil").And.Not.Contain("scopes_supported"));
        Assert.That(
            challenge.Headers.WwwAuthenticate.ToString(),
            Is.EqualTo("Bearer realm=\"SPiD\", resource_metadata=\"https://messages.example.com/.well-known/oauth-protected-resource\""));
    }

    [Test]
    public async Task Challenge_MetadataNotMapped_DoesNotNameThem()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Not.Contain("resource_metadata"));
    }

    [Test]
    public async Task Metadata_IssuersAndQueryTokens_AreTold()
    {
        await using ApiRig rig = await StartAsync(options =>
        {
            options.Issuers.Add("https://login.schibsted.com/");
            options.QueryTokenPaths.Add("/hubs");
        });

        string body = await rig.Client.GetStringAsync("/.well-known/oauth-protected-resource");

        Assert.That(body, Does.Contain("[\"https://login.schibsted.com/\"]").And.Contain("[\"header\",\"query\"]"));
    }

    [Test]
    public async Task Map_NoUriOrNoScheme_SaysWhatToWrite()
    {
        await Assert.ThatAsync(
            () => StartAsync(options => options.Audiences[0] = "4e8463569caf7ca019000007"),
            Throws.InvalidOperationException.With.Message.Contains("Resource"));
        await Assert.ThatAsync(
            () => StartAsync(options => options.Audiences[0] = "http://messages.example.com"),
            Throws.InvalidOperationException.With.Message.Contains("https"));
        await Assert.ThatAsync(
            () => ApiRig.StartAsync(map: app => app.MapSpidProtectedResourceMetadata("Other")),
            Throws.InvalidOperationException.With.Message.Contains("AddSpidBearer"));
    }

    private static Uri AddressIn(HttpResponseMessage challenge) => new(challenge.Headers.WwwAuthenticate.ToString().Split("resource_metadata=\"")[1].TrimEnd('"'));

    [TestCase("Other", "https://messages.example.com/")]
    [TestCase("Other", "https://MESSAGES.example.com:443")]
    [TestCase("SpidBearer", "https://messages.example.com")]
    public async Task MapSpidProtectedResourceMetadata_AddressIsTaken_IsAnErrorAtOnce(string scheme, string audience)
    {
        void Map(WebApplication app)
        {
            app.MapSpidProtectedResourceMetadata();
            app.MapSpidProtectedResourceMetadata(scheme);
        }

        await Assert.ThatAsync(
            () => ApiRig.StartAsync(map: Map, authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Audiences[0] = audience;
            })),
            Throws.InvalidOperationException.With.Message.Contains("SpidBearer").And.Message.Contains("/.well-known/oauth-protected-resource"));
    }

    private static Task<ApiRig> StartAsync(Action<SpidBearerOptions>? configure = null) => ApiRig.StartAsync(configure, app =>
    {
        ApiRig.MapMessages(app);
        app.MapSpidProtectedResourceMetadata();
    });

    [TestCase("/api")]
    [TestCase("/{tenant}/api")]
    [TestCase("")]
    [Description("B24: in a group, whose prefix is no part of the well-known address")]
    public async Task Metadata_MappedInAGroup_IsFoundAtTheAdvertisedAddress(string prefix)
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.Resource = new Uri("https://messages.example.com/v1"), app =>
        {
            ApiRig.MapMessages(app);
            RouteGroupBuilder group = app.MapGroup("/outer").MapGroup(prefix).RequireAuthorization();
            group.MapSpidProtectedResourceMetadata();
            group.MapGet("/inner", () => "inner");
        });
        using HttpResponseMessage challenge = await rig.GetAsync(null);

        using HttpResponseMessage metadata = await rig.GetAsync(null, AddressIn(challenge).PathAndQuery);
        using HttpResponseMessage other = await rig.GetAsync(rig.Issue(), "/outer" + prefix.Replace("{tenant}", "x", StringComparison.Ordinal) + "/inner");

        Assert.That(metadata.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await metadata.Content.ReadAsStringAsync(), Does.Contain("https://messages.example.com/v1"));
        Assert.That(await other.Content.ReadAsStringAsync(), Is.EqualTo("inner"), "the group itself stays where it is");
    }

    [TestCase("messages.example.com", "elsewhere.example.com", false, Description = "B24: by the hosts of the resources")]
    [TestCase("MESSAGES.example.com", "elsewhere.EXAMPLE.com", false, Description = "B24: by the hosts of the resources, in any case")]
    [TestCase("messages.example.com:443", "elsewhere.example.com:443", false, Description = "B24: by the hosts of the resources, with their port")]
    [TestCase("one.internal", "two.internal", true, Description = "B24: by RequireHost, behind a proxy that puts in hosts of its own")]
    public async Task Metadata_TwoHosts_EachHasItsOwn(string first, string second, bool isRequired)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                IEndpointConventionBuilder one = app.MapSpidProtectedResourceMetadata();
                IEndpointConventionBuilder two = app.MapGroup("/api").MapSpidProtectedResourceMetadata("Other");
                if (isRequired)
                {
                    one.RequireHost(first);
                    two.RequireHost(second);
                }
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Audiences[0] = "https://elsewhere.example.com";
            }));

        Assert.That(await ReadAsync(rig, first), Does.Contain("https://messages.example.com"));
        Assert.That(await ReadAsync(rig, second), Does.Contain("https://elsewhere.example.com"));
        Assert.That(await ReadAsync(rig, "evil.example.com"), Is.EqualTo("404"));
    }

    [Test(Description = "B24: two ports of one host")]
    public async Task Metadata_TwoPorts_EachHasItsOwn()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            options => options.Resource = new Uri("http://localhost:5001"),
            app =>
            {
                app.MapSpidProtectedResourceMetadata();
                app.MapSpidProtectedResourceMetadata("Other");
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Resource = new Uri("http://localhost:5002");
            }));

        Assert.That(await ReadAsync(rig, "localhost:5001"), Does.Contain("http://localhost:5001"));
        Assert.That(await ReadAsync(rig, "localhost:5002"), Does.Contain("http://localhost:5002"));
    }

    private static async Task<string> ReadAsync(ApiRig rig, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-protected-resource") { Headers = { Host = host } };
        using HttpResponseMessage response = await rig.Client.SendAsync(request);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : $"{(int)response.StatusCode}";
    }
}
