using Refit;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>A service as users of Refit describe it.</summary>
public interface IRecords
{
    [Post("/records")]
    Task<int[]> AddAsync([Body] int[] records);

    [Post("/records")]
    Task<int[]> AddBufferedAsync([Body(buffered: true)] int[] records);

    [Post("/records")]
    Task<int[]> AddSequenceAsync([Body] IAsyncEnumerable<int> records);

    [Multipart]
    [Post("/files")]
    Task<string> UploadAsync(StreamPart file);
}
