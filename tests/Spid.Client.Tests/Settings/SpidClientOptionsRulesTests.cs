using Microsoft.Extensions.Options;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Settings;

internal sealed partial class SpidClientOptionsRulesTests
{
    [Test]
    public void ThrowIfInvalid_OptionsOfTheDocumentation_AreValid() => Assert.That(Errors(_ => { }), Is.Empty);

    [Test]
    public void ThrowIfInvalid_NothingSet_NamesEachMissingOption()
    {
        string[] errors = Errors(new SpidClientOptions());

        Assert.That(errors, Is.EqualTo(new[]
        {
            "ClientId: ClientId is missing: set it to the client id that SPiD self service shows.",
            "ClientSecret: ClientSecret is missing: set it to the client secret from SPiD self service, by way of a secret store.",
            "Environment is missing: set it to International, Norway, Finland, Denmark or PreProduction, or set Authority to a base URL. (options of the default SPiD client)",
        }));
    }

    [Test]
    public void ThrowIfInvalid_ManyFaults_ListsAllAtOnce()
    {
        string[] errors = Errors(options =>
        {
            options.Authority = new Uri("https://a.example");
            options.ClientId = " ";
            options.ClientSecret = "secret\n";
            options.SecondaryClientSecret = " secret";
            options.Scope = "a\"b";
            options.Resources.Add("relative");
            options.Resources.Add("https://a.example/#f");
            options.Parameters["scope"] = "x";
            options.ClientAuthentication = (SpidClientAuthentication)9;
            options.Cache.MaximumEntries = 0;
            options.Cache.RefreshAfter = 0.05;
            options.Cache.ExpiryMargin = TimeSpan.FromHours(2);
            options.Resilience.RetryAttempts = 11;
            options.Resilience.Timeout = TimeSpan.Zero;
        });

        string all = string.Join('\n', errors);
        string[] named =
        [
            "Environment and Authority are both set", "ClientId", "ClientSecret has control characters", "SecondaryClientSecret begins or ends with white space",
            "Scope cannot be sent", "Resources has 'relative'", "Resources has 'https://a.example/#f'", "Parameters cannot be sent", "ClientAuthentication",
            "MaximumEntries", "RefreshAfter", "Cache.ExpiryMargin", "RetryAttempts", "Resilience.Timeout", "Resilience.AttemptTimeout (00:00:04) is longer",
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (string name in named)
            {
                Assert.That(all, Does.Contain(name));
            }
        }
    }

    [TestCase("", "(options of the default SPiD client)")]
    [TestCase("billing", "(options of SPiD client 'billing')")]
    public void Validate_NamedClient_SaysWhoseOptionsTheyAre(string name, string ending)
    {
        ValidateOptionsResult result = new SpidClientOptionsRules().Validate(name, new SpidClientOptions());

        Assert.That(result.Failures, Has.All.EndWith(ending));
    }

    [Test]
    public void Constructor_InvalidOptions_ThrowsBeforeAnyRequest()
    {
        using var http = new HttpClient();

        OptionsValidationException? exception = Assert.Throws<OptionsValidationException>(() => new TokenClient(new SpidClientOptions(), http).Dispose());

        Assert.That(exception?.Failures.Count(), Is.EqualTo(3));
        Assert.That(exception?.Message, Does.Contain("ClientSecret is missing"));
    }

    [Test]
    public void Constructor_OptionsChangedLater_KeepsItsCopy()
    {
        SpidClientOptions options = MockSpid.Options();
        using var http = new HttpClient();
        using var client = new TokenClient(options, http);

        options.ClientSecret = "other";
        options.Scope = "other";
        options.Resources.Add("https://other.example");
        options.Resilience.Timeout = TimeSpan.FromMinutes(9);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Cache.Settings.Secret.Reveal(), Is.EqualTo(MockSpid.ClientSecret));
            Assert.That(client.Cache.Settings.Defaults, Is.EqualTo(new TokenRequest(null)));
            Assert.That(client.Cache.Settings.Resilience.Timeout, Is.EqualTo(TimeSpan.FromSeconds(15)));
        }
    }

    [Test]
    public void ThrowIfInvalid_AnyFault_RepeatsNoSecret()
    {
        string[] errors = Errors(options =>
        {
            options.ClientSecret = Canary.Secret + "\n";
            options.SecondaryClientSecret = " " + Canary.Token;
            options.Parameters["client_secret"] = Canary.Secret;
        });

        Assert.That(errors, Has.Length.EqualTo(3));
        Canary.AssertAbsent(string.Join('\n', errors));
    }

    private static string[] Errors(Action<SpidClientOptions> configure)
    {
        SpidClientOptions options = MockSpid.Options();
        configure(options);
        return Errors(options);
    }

    private static string[] Errors(SpidClientOptions options)
    {
        try
        {
            SpidClientOptionsRules.ThrowIfInvalid("", options);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private static void AssertOnlyError(string[] errors, string error) =>
        Assert.That(errors, Is.EqualTo(new[] { $"{error} (options of the default SPiD client)" }));
}
