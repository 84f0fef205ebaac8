using System.Net;
using System.Text;
using Microsoft.Coyote.Runtime;

namespace Spid.Schedules.Stubs;

/// <summary>
/// SPiD's endpoints for verifiers. An answer says what SPiD knew when the request arrived; before and after that any other thread may go on, so
/// it can be out of date when it is read.
/// </summary>
internal sealed class VerifierEndpointsStub : HttpMessageHandler
{
    private readonly Lock _gate = new();

    /// <summary>Gets or sets the answer to a fetch of the key set by its number, from 1.</summary>
    public Func<int, HttpResponseMessage> KeySet { get; set; } = _ => Status(HttpStatusCode.NotFound);

    /// <summary>Gets or sets the answer to an introspection.</summary>
    public Func<HttpResponseMessage> Introspection { get; set; } = () => Json("""{"active":false}""");

    public Calls KeyFetches { get; } = new();

    public Calls Introspections { get; } = new();

    public static HttpResponseMessage Json(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Status(HttpStatusCode status) => new(status) { Content = new ByteArrayContent([]) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        bool isForKeys = request.RequestUri!.AbsolutePath == "/oauth/jwks";
        Calls calls = isForKeys ? KeyFetches : Introspections;
        int number = Begin(calls);
        SchedulingPoint.Interleave();
        HttpResponseMessage answer = isForKeys ? KeySet(number) : Introspection();
        SchedulingPoint.Interleave();
        End(calls);
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled<HttpResponseMessage>(cancellationToken) : Task.FromResult(answer);
    }

    private int Begin(Calls calls)
    {
        lock (_gate)
        {
            calls.UnderWay++;
            calls.MostAtOnce = Math.Max(calls.MostAtOnce, calls.UnderWay);
            return ++calls.Count;
        }
    }

    private void End(Calls calls)
    {
        lock (_gate)
        {
            calls.UnderWay--;
        }
    }

    /// <summary>How often one endpoint was called.</summary>
    internal sealed class Calls
    {
        public int Count { get; set; }

        public int UnderWay { get; set; }

        public int MostAtOnce { get; set; }
    }
}
