using Spid.Gate.Coverage;
using Spid.Gate.Packages;
using Spid.Gate.Results;

return args switch
{
    ["coverage", var results, var source] => CoverageCommand.Run(results, source),
    ["packages", var packages, var source] => PackagesCommand.Run(packages, source),
    ["totals", var results] => TotalsCommand.Run(results),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("coverage <results folder> <source folder> | packages <packages folder> <source folder> | totals <results folder>");
    return 2;
}
