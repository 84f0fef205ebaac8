using Microsoft.Extensions.Options;

namespace Spid.Client.Settings;

/// <summary>Checks the attributes of the options; the code is generated, so it works without reflection.</summary>
[OptionsValidator]
internal sealed partial class SpidClientOptionsValidator : IValidateOptions<SpidClientOptions>;
