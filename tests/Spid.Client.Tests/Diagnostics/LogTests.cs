using System.Reflection;
using Microsoft.Extensions.Logging;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tests.Diagnostics;

internal sealed class LogTests
{
    private static readonly LoggerMessageAttribute[] Events =
    [
        .. typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>(),
    ];

    /// <summary>Ids and names are what people's alerts hang on: an event may be added here, never changed.</summary>
    [Test]
    public void Events_IdsAndNames_AreAsPublished() => Assert.That(
        Events.OrderBy(definition => definition.EventId).Select(definition => $"{definition.EventId} {definition.EventName} {definition.Level}"),
        Is.EqualTo(new[]
        {
            "10 ClientConfigured Information", "11 TokenObtained Debug", "12 TokenRequestFailed Error", "13 TokenRefreshFailed Warning", "14 ScopeNarrowed Warning",
            "15 SecretSwitched Warning", "16 TokenWithoutLifetime Warning", "17 OptionsChanged Information", "18 RenewalPaused Warning", "19 ScopeHasComma Warning",
            "30 AuthorizationKept Debug", "31 RequestReplayed Information", "32 ReplayImpossible Warning", "33 RenewalFailed Warning",
            "50 WarmUpFailed Warning", "51 PlainHttpToSpidAllowed Warning", "52 PlainHttpToApiAllowed Warning", "53 OptionsRefused Error",
        }));

    [Test]
    public void Events_IdsAndNames_AreUnique()
    {
        Assert.That(Events, Is.Not.Empty);
        Assert.That(Events.Select(definition => definition.EventId), Is.Unique);
        Assert.That(Events.Select(definition => definition.EventName), Is.Unique);
    }

    [Test]
    public void Events_NamesOfTheirMethods_AreTheirEventNames()
    {
        IEnumerable<(string Method, string? Event)> names = typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => (method.Name, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventName))
            .Where(pair => pair.EventName is not null);

        Assert.That(names, Has.All.Matches<(string Method, string? Event)>(pair => pair.Method == pair.Event));
    }
}
