using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Spid.Client.Tests.Wire;

/// <summary>A monitor that behaves like the platform's, but for options that are refused.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReloadableOptionsTests : IDisposable
{
    private readonly Source _source = new("name");
    private readonly List<string> _reported = [];
    private readonly OptionsCache<Named> _cache = new();
    private readonly ReloadableOptions<Named> _monitor;
    private string? _value = "first";

    public ReloadableOptionsTests()
    {
        var services = new ServiceCollection();
        services.AddOptions<Named>("name").Configure(options => options.Value = _value).Validate(options => options.Value is not null, "Value is missing.");
        _monitor = new ReloadableOptions<Named>(
            services.BuildServiceProvider().GetRequiredService<IOptionsFactory<Named>>(), [_source], _cache, (owner, errors) => _reported.Add($"{owner}: {errors}"));
    }

    public void Dispose() => _monitor.Dispose();

    [Test]
    public void Get_NoChange_GivesOneInstance()
    {
        Named first = _monitor.Get("name");

        Assert.That(_monitor.Get("name"), Is.SameAs(first));
    }

    [Test]
    public void CurrentValue_OtherName_IsOfTheDefaultName() => Assert.That(_monitor.CurrentValue, Is.SameAs(_monitor.Get(null)).And.Not.SameAs(_monitor.Get("name")));

    [Test]
    public void Change_ValidOptions_ListenersAreTold()
    {
        List<string> told = [];
        using IDisposable subscription = _monitor.OnChange((options, name) => told.Add($"{name} {options.Value}"));
        _ = _monitor.Get("name");

        _value = "second";
        _source.Change();
        subscription.Dispose();
        _source.Change();

        Assert.That(told, Is.EqualTo(new[] { "name second" }));
        Assert.That(_monitor.Get("name").Value, Is.EqualTo("second"));
    }

    [Test]
    public void Change_AListenerThrows_TheOthersAreToldAllTheSame()
    {
        List<string?> told = [];
        using IDisposable throwing = _monitor.OnChange((_, _) => throw new InvalidOperationException("The listener cannot go on."));
        using IDisposable subscription = _monitor.OnChange((options, _) => told.Add(options.Value));
        _ = _monitor.Get("name");

        _value = "second";
        _source.Change();

        Assert.That(told, Is.EqualTo(new[] { "second" }));
    }

    [Test(Description = "A16")]
    public void Change_InvalidOptions_AreReportedAndTheLastValidOnesStay()
    {
        List<string?> told = [];
        using IDisposable subscription = _monitor.OnChange((options, _) => told.Add(options.Value));
        Named valid = _monitor.Get("name");
        _value = null;

        Assert.That(_source.Change, Throws.Nothing);
        Named meanwhile = _monitor.Get("name");
        _value = "mended";
        _source.Change();

        Assert.That(meanwhile, Is.SameAs(valid));
        Assert.That(_reported, Is.EqualTo(new[] { "Named 'name': Value is missing." }));
        Assert.That(told, Is.EqualTo(new[] { "mended" }));
    }

    [Test(Description = "A5")]
    public void Get_InvalidAtFirst_WorksWithTheNextCallOnceTheyAreValid()
    {
        _value = null;
        Assert.That(() => _monitor.Get("name"), Throws.TypeOf<OptionsValidationException>());

        _value = "mended";

        Assert.That(_monitor.Get("name").Value, Is.EqualTo("mended"));
    }

    [Test]
    public void Get_CacheWasCleared_CreatesThemAgain()
    {
        Named first = _monitor.Get("name");

        _cache.Clear();

        Assert.That(_monitor.Get("name"), Is.Not.SameAs(first));
    }

    [Test(Description = "Kind 12")]
    public void Change_AfterDisposal_ReportsNothing()
    {
        _ = _monitor.Get("name");
        _monitor.Dispose();
        _value = null;

        _source.Change();

        Assert.That(_reported, Is.Empty);
    }

    internal sealed class Named
    {
        public string? Value { get; set; }
    }

    private sealed class Source(string name) : IOptionsChangeTokenSource<Named>
    {
        private CancellationTokenSource _change = new();

        public string Name => name;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_change.Token);

        public void Change()
        {
            CancellationTokenSource changed = _change;
            _change = new CancellationTokenSource();
            changed.Cancel();
        }
    }
}
