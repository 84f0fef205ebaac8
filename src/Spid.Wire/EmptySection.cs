namespace Spid.Wire;

/// <summary>Explains why options are missing when they are bound to a section without keys, which is most often misspelt or not deployed.</summary>
internal static class EmptySection
{
    /// <summary>Puts one error in place of those about required options that are missing.</summary>
    /// <param name="errors">The errors of the options.</param>
    /// <param name="path">The path of the section that has no keys; <see langword="null"/> when it has some.</param>
    /// <param name="required">The keys of the required options.</param>
    public static string[] Explain(string[] errors, string? path, params string[] required)
    {
        if (path is null)
        {
            return errors;
        }

        string[] missing = [.. required.Where(key => errors.Any(error => IsAbout(key, error)))];
        return missing.Length == 0 ? errors : [Describe(path, missing), .. errors.Where(error => !missing.Any(key => IsAbout(key, error)))];
    }

    public static string Describe(string path, params string[] keys) =>
        $"Configuration section '{path}' is empty or does not exist: set its keys, for example by the environment {(keys.Length == 1 ? "variable" : "variables")} {string.Join(", ", keys.Select(key => Variable(path, key)))}.";

    /// <summary>In names of environment variables two underscores stand for the colon.</summary>
    private static string Variable(string path, string key) => $"{path}:{key}".Replace(":", "__", StringComparison.Ordinal);

    private static bool IsAbout(string key, string error)
    {
        string option = key.Split(':')[0];
        return error.StartsWith($"{option} is missing", StringComparison.Ordinal) || error.StartsWith($"{option} is empty", StringComparison.Ordinal);
    }
}
