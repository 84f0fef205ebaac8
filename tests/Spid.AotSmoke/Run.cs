namespace Spid.AotSmoke;

/// <summary>Runs cases one after the other and counts.</summary>
internal sealed class Run
{
    private int _passed;
    private int _failed;

    public async Task CaseAsync(string name, Func<Task> run)
    {
        try
        {
            await run();
            _passed++;
            Console.WriteLine($"passed: {name}");
        }
        catch (Exception exception)
        {
            // Whatever goes wrong is this case's failure; the others run all the same.
            _failed++;
            Console.WriteLine($"failed: {name}: {exception}");
        }
    }

    /// <summary>Prints the totals and gives the exit code.</summary>
    public int Finish()
    {
        Console.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }
}
