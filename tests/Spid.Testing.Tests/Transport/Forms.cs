using System.Net.Http.Headers;
using System.Text;

namespace Spid.Testing.Tests.Transport;

internal static class Forms
{
    public static FormUrlEncodedContent Content(params (string Name, string Value)[] form) =>
        new(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public static AuthenticationHeaderValue Basic(string clientId, string clientSecret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{clientSecret}")));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);
}
