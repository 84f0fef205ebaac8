using System.Text.Json.Serialization;

namespace Spid.AspNetCore.Metadata;

/// <summary>Writes the metadata without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceMetadata))]
internal sealed partial class ResourceMetadataJson : JsonSerializerContext;
