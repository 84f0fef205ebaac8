namespace Spid.Benchmarks.Check;

/// <summary>Measures every figure and prints a line for each.</summary>
internal static class Gate
{
    /// <returns>The exit code: 0 when every figure keeps its goal.</returns>
    public static int Run()
    {
        bool holds = true;
        foreach (Figure figure in HandlerFigures.Measure().Concat(BodyFigures.Measure()).Concat(TokenFigures.Measure()).Concat(FetchFigures.Measure()).Concat(LoadFigures.Measure()).Concat(VerificationFigures.Measure()).Concat(AttackFigures.Measure()).Concat(ServerFigures.Measure()))
        {
            holds &= figure.Print();
        }

        return holds ? 0 : 1;
    }
}
