namespace Spid.Hosts.Tests.Shared;

/// <summary>Where an application writes the handlers of a package.</summary>
internal enum Place
{
    Before,
    After,
    Defaults,
}
