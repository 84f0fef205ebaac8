namespace Spid.Client.Tests.Shared;

/// <summary>Finds the exceptions of tasks that nobody looked at. The process tells of them when the task is collected; tests that use it run alone.</summary>
internal static class Unobserved
{
    /// <summary>Does the work, and gives what was left unobserved meanwhile. The work must leave nothing that keeps its tasks alive.</summary>
    public static async Task<IReadOnlyList<Exception>> AfterAsync(Func<Task> work)
    {
        List<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs arguments) => unobserved.AddRange(arguments.Exception.InnerExceptions);
        Collect();
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await work();
            Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        return unobserved;
    }

    private static void Collect()
    {
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
