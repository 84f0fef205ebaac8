using System.Text;
using Spid.Client;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>The values of enumerations as telemetry shows them, made once.</summary>
internal static class TagValues
{
    private static readonly Dictionary<SpidVerificationReason, string> Reasons =
        Enum.GetValues<SpidVerificationReason>().ToDictionary(reason => reason, reason => SnakeCase(reason.ToString()));

    public static string Of(SpidVerificationReason reason) => Reasons[reason];

    public static string Of(SpidVerificationMode mode) => mode switch
    {
        SpidVerificationMode.Remote => "remote",
        SpidVerificationMode.Local => "local",
        _ => "auto",
    };

    public static string Of(SpidVerificationStatus status) => status switch
    {
        SpidVerificationStatus.Accepted => "accepted",
        SpidVerificationStatus.Rejected => "rejected",
        SpidVerificationStatus.Forbidden => "forbidden",
        _ => "unavailable",
    };

    public static string Of(SpidErrorKind kind) => kind switch
    {
        SpidErrorKind.Configuration => "configuration",
        SpidErrorKind.Throttled => "throttled",
        SpidErrorKind.Transient => "transient",
        _ => "protocol",
    };

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
