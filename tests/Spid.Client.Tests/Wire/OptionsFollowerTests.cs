using Microsoft.Extensions.Options;

namespace Spid.Client.Tests.Wire;

/// <summary>What follows options applies the current ones, whatever a notification says, and is quiet after its disposal.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OptionsFollowerTests
{
    private readonly List<string> _applied = [];
    private readonly List<string> _reported = [];

    private Action _notify = () => { };

    [Test]
    public void Start_OptionsChangedBeforeTheSubscription_AppliesThem()
    {
        using OptionsFollower<string> follower = Create(() => "current");

        Assert.That(_applied, Is.EqualTo(new[] { "current" }));
    }

    [Test(Description = "A16")]
    public void Notification_OptionsAreInvalid_ReportsOnceUntilValidOnesCome()
    {
        Queue<string?> options = new(["first", null, null, "second", null]);
        using OptionsFollower<string> follower = Create(() => options.Dequeue() ?? throw new OptionsValidationException("", typeof(string), ["one", "two"]));
        for (int change = 0; change < 4; change++)
        {
            Assert.That(_notify, Throws.Nothing);
        }

        Assert.That(_applied, Is.EqualTo(new[] { "first", "second" }));
        Assert.That(_reported, Is.EqualTo(new[] { "one; two", "one; two" }));
    }

    [Test(Description = "A16")]
    public void Notification_CodeOfTheApplicationFails_SaysSoWithoutItsMessage()
    {
        Queue<string?> options = new(["first", null]);
        using OptionsFollower<string> follower = Create(() => options.Dequeue() ?? throw new FormatException("the value 'secret' is wrong"));

        _notify();

        Assert.That(_reported, Is.EqualTo(new[] { "code of the application failed (FormatException)." }));
    }

    [Test]
    public void Notification_ApplyingFails_IsReported()
    {
        using var follower = new OptionsFollower<string>(() => "any", _ => throw new OptionsValidationException("", typeof(string), ["cannot be applied"]), _reported.Add);

        follower.Start(Subscribe);

        Assert.That(_reported, Is.EqualTo(new[] { "cannot be applied" }));
    }

    [Test(Description = "B30")]
    public void Notification_ComesWhileOneIsApplied_CurrentOptionsStand()
    {
        string current = "first";
        OptionsFollower<string> follower = Create(() =>
        {
            string read = current;
            if (read == "second")
            {
                current = "third";
                _notify();
            }

            return read;
        });
        current = "second";

        _notify();
        follower.Dispose();

        Assert.That(_applied, Is.EqualTo(new[] { "first", "second", "third" }));
    }

    [Test(Description = "Kind 12")]
    public void Notification_AfterDisposal_ReadsNothing()
    {
        int reads = 0;
        OptionsFollower<string> follower = Create(() => $"{++reads}");

        follower.Dispose();
        _notify();

        Assert.That(reads, Is.EqualTo(1));
    }

    [Test(Description = "Kind 12")]
    public void Notification_DisposedWhileItIsRead_IsQuiet()
    {
        OptionsFollower<string>? follower = null;
        bool ends = false;
        follower = Create(() =>
        {
            if (ends)
            {
                follower!.Dispose();
                throw new InvalidOperationException("The container is gone.");
            }

            return "first";
        });
        ends = true;

        Assert.That(_notify, Throws.Nothing);
        Assert.That(_reported, Is.Empty);
    }

    [Test(Description = "Kind 12")]
    public void Start_DisposedDuringTheSubscription_EndsIt()
    {
        var subscription = new Subscription();
        OptionsFollower<string>? follower = null;
        follower = new OptionsFollower<string>(() => "any", _applied.Add, _reported.Add);

        follower.Start(_ =>
        {
            follower.Dispose();
            return subscription;
        });

        Assert.That(subscription.HasEnded, Is.True);
        Assert.That(_applied, Is.Empty);
    }

    [Test]
    public void Notification_LoggerFails_DoesNotReachWhoeverReloads()
    {
        Queue<string?> options = new(["first", null]);
        using var follower = new OptionsFollower<string>(
            () => options.Dequeue() ?? throw new OptionsValidationException("", typeof(string), ["wrong"]), _applied.Add, _ => throw new InvalidOperationException("The sink is full."));
        follower.Start(Subscribe);

        Assert.That(_notify, Throws.Nothing);
    }

    private OptionsFollower<string> Create(Func<string> read)
    {
        var follower = new OptionsFollower<string>(read, _applied.Add, _reported.Add);
        follower.Start(Subscribe);
        return follower;
    }

    private IDisposable? Subscribe(Action update)
    {
        _notify = update;
        return null;
    }

    private sealed class Subscription : IDisposable
    {
        public bool HasEnded { get; private set; }

        public void Dispose() => HasEnded = true;
    }
}
