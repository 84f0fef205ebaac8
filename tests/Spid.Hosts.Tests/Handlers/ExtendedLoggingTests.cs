using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Microsoft.Extensions.Http.Diagnostics: the log asks for the headers of each request, and does not get the token.</summary>
[CancelAfter(60_000)]
internal sealed class ExtendedLoggingTests
{
    [Test]
    public async Task Script_LoggerAroundTheClientAsksForAuthorization_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.Services.AddSingleton<IRedactorProvider>(NullRedactorProvider.Instance);
        host.AddApi(place, http => http.AddExtendedHttpClientLogging(options =>
        {
            options.LogRequestStart = true;
            options.RequestHeadersDataClasses.Add("Authorization", DataClassification.None);
        }));

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
        Assert.That(host.Logs.Lines.Count(line => line.Contains("Microsoft.Extensions.Http.Logging", StringComparison.Ordinal)), Is.AtLeast(40));
    }

    [Test]
    [Experimental("EXTEXP0003")]
    public async Task Script_LoggerNextToTheTransportAsksForOtherHeaders_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.Services.AddSingleton<IRedactorProvider>(NullRedactorProvider.Instance);
        host.AddApi(place, http => http.AddExtendedHttpClientLogging(
            options => options.RequestHeadersDataClasses.Add("Accept", DataClassification.None),
            wrapHandlersPipeline: false));

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
        Assert.That(host.Logs.Lines, Has.Some.Contains("Microsoft.Extensions.Http.Logging"));
    }
}
