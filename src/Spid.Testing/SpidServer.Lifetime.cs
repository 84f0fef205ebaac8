using Microsoft.Extensions.Logging.Abstractions;
using Spid.Testing.Transport;

namespace Spid.Testing;

public sealed partial class SpidServer
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private KestrelListener? _listener;
    private bool _listens;
    private bool _disposed;

    /// <summary>Starts a server that listens on the loopback interface.</summary>
    /// <param name="configure">Sets the server up; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The running server; dispose it to free the port.</returns>
    /// <exception cref="IOException">The port in <see cref="SpidServerOptions.Port"/> is taken.</exception>
    public static async Task<SpidServer> StartAsync(Action<SpidServerOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var server = Build(configure);
        server._listens = true;
        try
        {
            await server.ListenAsync(server._options.Port, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return server;
    }

    /// <summary>Creates a server that opens no port: it is reached through <see cref="CreateHandler"/> alone, at once.</summary>
    /// <param name="configure">Sets the server up; <see langword="null"/> for the defaults.</param>
    /// <returns>The running server.</returns>
    public static SpidServer Create(Action<SpidServerOptions>? configure = null)
    {
        var server = Build(configure);
        server._lifeline.Begin();
        return server;
    }

    /// <summary>Creates a handler that takes requests to the server without a socket, whatever host they name.</summary>
    /// <returns>The handler; disposing it leaves the server as it is.</returns>
    /// <remarks>It fails as a connection does: <see cref="HttpRequestException"/> from sending, <see cref="HttpIOException"/> from the body.</remarks>
    public HttpMessageHandler CreateHandler() => new InMemoryHandler(_pipeline, _lifeline, _options.TimeProvider);

    /// <summary>Creates a client over <see cref="CreateHandler"/> with <see cref="BaseAddress"/> as its base.</summary>
    /// <returns>The client.</returns>
    public HttpClient CreateClient() => new(CreateHandler()) { BaseAddress = BaseAddress };

    /// <summary>Simulates an outage: closes the port, aborts what is under way and refuses the rest until <see cref="RestartAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait for another stop or restart.</param>
    /// <returns>A task that ends when the server is down.</returns>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends an outage: answers again, on the same port and with the same clients, keys and tokens.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>A task that ends when the server answers.</returns>
    /// <exception cref="IOException">Someone else took the port meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await StopAsync(cancellationToken).ConfigureAwait(false);
        if (_listens)
        {
            await ListenAsync(BaseAddress.Port, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _lifeline.Begin();
        }
    }

    /// <summary>Stops the server for good.</summary>
    /// <returns>A task that ends when the port is free.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await StopAsync().ConfigureAwait(false);
            _lifeline.Dispose();
        }
    }

    private static SpidServer Build(Action<SpidServerOptions>? configure)
    {
        var options = new SpidServerOptions();
        configure?.Invoke(options);
        return new SpidServer(options);
    }

    private async Task ListenAsync(int port, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _lifeline.Begin();
            var application = new KestrelApplication(_pipeline, _lifeline, _options.TimeProvider);
            var logging = _options.LoggerFactory ?? NullLoggerFactory.Instance;
            (_listener, BaseAddress) = await KestrelListener.StartAsync(application, port, logging, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _lifeline.End();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        _lifeline.End();
        if (_listener is not null)
        {
            await _listener.AbortAsync().ConfigureAwait(false);
            _listener.Dispose();
            _listener = null;
        }
    }
}
