namespace Spid.Seeds.Running;

/// <summary>How the run of one seed ended.</summary>
internal enum SeedOutcome
{
    /// <summary>A detector noticed the fault.</summary>
    Found,

    /// <summary>No detector noticed it.</summary>
    Missed,

    /// <summary>The source has changed, and the seed no longer applies.</summary>
    OutOfDate,

    /// <summary>The faulty source does not compile.</summary>
    NotCompiling,

    /// <summary>A detector does not exist or could not run, and no other one noticed the fault.</summary>
    NotTested,
}
