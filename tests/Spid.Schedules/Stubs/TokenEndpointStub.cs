using System.Net;
using System.Text;
using Microsoft.Coyote.Runtime;

namespace Spid.Schedules.Stubs;

/// <summary>SPiD's token endpoint. While a request is answered any other thread may go on; how many requests of a scope overlapped is kept.</summary>
internal sealed class TokenEndpointStub : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the answer to a request by its number, from 1, and its scope; tokens by default.</summary>
    public Func<int, string, HttpResponseMessage> Answer { get; set; } = (number, scope) => Token($"{scope}-{number}");

    public int Requests { get; private set; }

    /// <summary>Gets the most requests of one scope that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    public static HttpResponseMessage Token(string text, int expiresIn = 900) =>
        Json(HttpStatusCode.OK, $$"""{"access_token":"{{text}}","token_type":"Bearer","expires_in":{{expiresIn}}}""");

    public static HttpResponseMessage Failure(HttpStatusCode status, int? retryAfter = null)
    {
        HttpResponseMessage response = Json(status, "{}");
        response.Headers.RetryAfter = retryAfter is { } seconds ? new(TimeSpan.FromSeconds(seconds)) : null;
        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        string form = request.Content!.ReadAsStringAsync(CancellationToken.None).Result;
        string scope = form.Split('&').First(field => field.StartsWith("scope=", StringComparison.Ordinal))["scope=".Length..];
        int number = Begin(scope);
        SchedulingPoint.Interleave();
        HttpResponseMessage answer = Answer(number, scope);
        SchedulingPoint.Interleave();
        End(scope);
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled<HttpResponseMessage>(cancellationToken) : Task.FromResult(answer);
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private int Begin(string scope)
    {
        lock (_gate)
        {
            int underWay = _underWay.GetValueOrDefault(scope) + 1;
            _underWay[scope] = underWay;
            MostAtOnce = Math.Max(MostAtOnce, underWay);
            return ++Requests;
        }
    }

    private void End(string scope)
    {
        lock (_gate)
        {
            _underWay[scope]--;
        }
    }
}
