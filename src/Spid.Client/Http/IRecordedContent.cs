namespace Spid.Client.Http;

/// <summary>A content that stands for another one on its way to the connection.</summary>
internal interface IRecordedContent
{
    BodyRecorder Recorder { get; }
}
