namespace Spid.Testing.Tests.Transport;

public enum TransportKind
{
    Kestrel,
    InMemory,
}
