using Spid.Seeds;
using Spid.Seeds.Catalog;
using Spid.Seeds.Running;

SeedArguments arguments;
try
{
    arguments = SeedArguments.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{SeedArguments.Usage}");
    return 2;
}

Seed[] chosen = [.. SeedCatalog.All.Where(arguments.Chooses)];
if (chosen.Length == 0)
{
    Console.Error.WriteLine("No seed has such a name; --list lists them.");
    return 2;
}

if (arguments.List)
{
    foreach (Seed seed in chosen)
    {
        Console.WriteLine($"{seed.Name}: {seed.Breaks} [{string.Join("; ", seed.Detectors)}]");
    }

    return 0;
}

return await SeedRun.RunAsync(chosen, arguments.Jobs);
