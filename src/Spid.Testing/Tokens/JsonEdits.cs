using System.Text.Json.Nodes;

namespace Spid.Testing.Tokens;

/// <summary>Applies a test's own members over generated ones.</summary>
internal static class JsonEdits
{
    public static void Apply(JsonObject target, JsonObject overrides, IEnumerable<string> omitted)
    {
        foreach (var (name, value) in overrides)
        {
            target[name] = value?.DeepClone();
        }

        foreach (var name in omitted)
        {
            target.Remove(name);
        }
    }
}
