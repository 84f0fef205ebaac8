using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A web server on loopback in place of SPiD, for what only real connections do: redirects, resets, TLS.</summary>
internal sealed class LoopbackSpid : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _requests = new();

    private LoopbackSpid(WebApplication application) => _application = application;

    public Uri Authority => new(_application.Urls.Single());

    /// <summary>Gets the path of every request that arrived.</summary>
    public string[] Requests => [.. _requests];

    public static async Task<LoopbackSpid> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var server = new LoopbackSpid(builder.Build());
        server._application.Run(async context =>
        {
            server._requests.Enqueue(context.Request.Path);
            await answer(context);
        });
        await server._application.StartAsync();
        return server;
    }

    public static async Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    public static Task RedirectAsync(HttpContext context, int status, Uri target)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = target.AbsoluteUri;
        return Task.CompletedTask;
    }

    /// <summary>Sends the first half of an answer, and nothing more until the client leaves or <paramref name="reset"/> ends, which resets the connection.</summary>
    public static async Task AnswerHalfAsync(HttpContext context, string json, Task reset)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.WriteAsync(json[..(json.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.WhenAny(reset, NeverAsync(context));
        context.Abort();
    }

    public static Task NeverAsync(HttpContext context) => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);

    public static X509Certificate2 CreateSelfSignedCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    public async ValueTask DisposeAsync()
    {
        // Without patience for requests that hang on purpose.
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }
}
