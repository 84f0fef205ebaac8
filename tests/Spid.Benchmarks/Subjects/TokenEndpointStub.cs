using System.Net;
using System.Text;

namespace Spid.Benchmarks.Subjects;

/// <summary>A token endpoint in memory that counts requests and can be made to hang.</summary>
internal sealed class TokenEndpointStub(TimeSpan lifetime) : HttpMessageHandler
{
    public const string AccessToken = "bWVhc3VyZWQtdG9rZW4tb2YtYS1jb21tb24tbGVuZ3Ro";

    private int _requests;
    private volatile TaskCompletionSource? _hanging;

    public int Requests => Volatile.Read(ref _requests);

    public void Hang() => _hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _hanging?.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        if (_hanging is { } hanging)
        {
            await hanging.Task.WaitAsync(cancellationToken);
        }

        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                $$"""{"access_token":"{{AccessToken}}","token_type":"Bearer","expires_in":{{(int)lifetime.TotalSeconds}}}""", Encoding.UTF8, "application/json"),
        };
    }
}
