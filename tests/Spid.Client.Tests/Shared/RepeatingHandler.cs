namespace Spid.Client.Tests.Shared;

/// <summary>Sends the same message again until it succeeds, as retry handlers do.</summary>
internal sealed class RepeatingHandler(int attempts, Func<Task>? pause = null) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode || attempt == attempts)
            {
                return response;
            }

            response.Dispose();
            await (pause?.Invoke() ?? Task.CompletedTask);
        }
    }
}
