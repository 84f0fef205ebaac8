using Microsoft.Coyote.Rewriting;
using Spid.Schedules;
using Spid.Schedules.Running;

ScheduleArguments arguments;
try
{
    arguments = ScheduleArguments.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{ScheduleArguments.Usage}");
    return 2;
}

if (arguments.List)
{
    foreach (Scenario scenario in ScenarioCatalog.All)
    {
        Console.WriteLine($"{scenario.Name}: {scenario.Guarantee}");
    }

    return 0;
}

Scenario[] chosen = [.. ScenarioCatalog.All.Where(scenario => arguments.Scenarios.Count == 0 || arguments.Scenarios.Contains(scenario.Name))];
if (chosen.Length < arguments.Scenarios.Count)
{
    Console.Error.WriteLine("One of the scenarios does not exist; --list lists them.");
    return 2;
}

return RewritingEngine.IsAssemblyRewritten(typeof(Scenario).Assembly)
    ? Explorer.Run(arguments, chosen)
    : Workers.Run(RewrittenBuild.Create(), arguments, chosen);
