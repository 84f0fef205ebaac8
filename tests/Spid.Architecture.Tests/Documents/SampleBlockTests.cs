namespace Spid.Architecture.Tests.Documents;

/// <summary>Shows that the comparison of pages and samples finds what it is there to find.</summary>
internal sealed class SampleBlockTests
{
    [Test]
    public void In_MarkedBlock_HasPathAndRegion()
    {
        SampleBlock[] blocks = SampleBlock.In("Text.\n\n<!-- sample: samples/A.cs#one -->\n```csharp\nvar a = 1;\n```\n\n```\nshell\n```\n");

        Assert.That(blocks, Is.EqualTo(new[] { new SampleBlock("samples/A.cs", "one", "var a = 1;") }));
    }

    [Test]
    public void FindFault_NoMarker_SaysSo()
    {
        SampleBlock block = SampleBlock.In("<!-- sample: samples/A.cs#one -->\n\n```csharp\nvar a = 1;\n```\n").Single();

        Assert.That(block.FindFault(), Is.EqualTo("no sample is named above: var a = 1;"));
    }

    [Test]
    public void FindFault_SampleWithoutTheRegion_SaysSo()
    {
        var block = new SampleBlock("samples/Worker/Program.cs", "no-such-region", "var a = 1;");

        Assert.That(block.FindFault(), Does.StartWith("the block differs from samples/Worker/Program.cs#no-such-region").And.EndsWith("(nothing)"));
    }

    [Test]
    public void Cut_IndentedRegion_LosesItsIndentation()
    {
        string? code = SampleBlock.Cut("class A\n{\n    // begin: one\n    void B()\n    {\n\n        C();\n    }\n    // end: one\n}\n", "one");

        Assert.That(code, Is.EqualTo("void B()\n{\n\n    C();\n}"));
    }
}
