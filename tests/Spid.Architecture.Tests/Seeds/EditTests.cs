using Spid.Seeds.Catalog;

namespace Spid.Architecture.Tests.Seeds;

/// <summary>A seed rots when the source changes under it; that must be seen and not pass for a fault that was found.</summary>
internal sealed class EditTests
{
    [Test]
    public void TryApply_OriginalOnce_IsReplacedAndNothingElse()
    {
        bool applied = new Edit("a.cs", "lock (_gate)", "").TryApply("before lock (_gate) after", out string? changed);

        Assert.That(applied, Is.True);
        Assert.That(changed, Is.EqualTo("before  after"));
    }

    [TestCase("before after")]
    [TestCase("lock (_gate) and lock (_gate)")]
    [TestCase("LOCK (_gate)")]
    [TestCase("lock  (_gate)")]
    public void TryApply_OriginalNotExactlyOnce_Fails(string source)
    {
        bool applied = new Edit("a.cs", "lock (_gate)", "").TryApply(source, out string? changed);

        Assert.That(applied, Is.False);
        Assert.That(changed, Is.Null);
    }

    [Test]
    public void TryApply_OccurrencesOverlap_Fails() =>
        Assert.That(new Edit("a.cs", "aa", "b").TryApply("aaa", out _), Is.False);
}
