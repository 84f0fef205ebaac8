using System.Buffers.Text;
using System.Text;
using CsCheck;
using Spid.Client.Protocol;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>Valid bodies with a few bytes changed.</content>
internal sealed partial class TokenAnswerTests
{
    private static readonly string[] Fragments =
    [
        "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e999", "\"access_token\":", "\"error\":",
        "\"request\":{\"reset\":", "é", "😀", "\0", "\r\n", "/*", "\ufeff", "\"\\ud83d\":", "\"exp\":", "\"type\":",
    ];

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            TokenBodies.Valid,
            """{"access_token":"a.b.c","expires_in":"600","scope":null,"user_id":false,"refresh_token":"r","server_time":1392194793}""",
            """{"error":"invalid_client","error_description":"d","error_code":401,"type":"OAuthException"}""",
            """{"error":{"code":429,"type":"too_many_requests","description":{"a":"b"}},"request":{"reset":3537,"limit":0,"remaining":-6}}""",
            """{"\u0061ccess_token":"\u0041\/","x":[{"y":[1.5e3,true,null]}]}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.Select(
        Gen.Int[0, 5], Gen.Double[0, 1], Gen.Byte, Gen.Int[0, Fragments.Length - 1], Gen.Int[1, 12],
        (kind, where, value, fragment, length) => new Func<byte[], byte[]>(body =>
        {
            int at = (int)(where * body.Length);
            int end = Math.Min(body.Length, at + length);
            return kind switch
            {
                0 => [.. body[..at], value, .. body[Math.Min(body.Length, at + 1)..]],
                1 => [.. body[..at], value, .. body[at..]],
                2 => [.. body[..at], .. body[end..]],
                3 => [.. body[..end], .. body[at..]],
                4 => body[..at],
                _ => [.. body[..at], .. Encoding.UTF8.GetBytes(Fragments[fragment]), .. body[at..]],
            };
        }));

    private static readonly Gen<byte[]> Mutants = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Mutation.Array[1, 4], (seed, mutations) => mutations.Aggregate(Seeds[seed], (body, mutate) => mutate(body)));

    [Test(Description = "C3 S3: no mutation of an answer makes a reader throw, and every token that is read can stand in a header")]
    public void Read_MutatedBody_GivesATokenOrAFaultAndNeverThrows() => Samples.Check(
        Mutants,
        60_000,
        body =>
        {
            TokenAnswer? answer = TokenAnswer.Read(body, out string? fault);
            return answer is null ? fault is not null : fault is null && ServerToken.IsHeaderSafe(answer.AccessToken) && !(answer.Lifetime <= TimeSpan.Zero);
        },
        Encoding.Latin1.GetString);

    [Test(Description = "C3 S3: nor the reader of error bodies, and it tells no code that is not known")]
    public void ReadError_MutatedBody_GivesKnownCodesAndPositiveDelaysOnly() => Samples.Check(
        Mutants,
        60_000,
        body =>
        {
            ErrorAnswer error = ErrorAnswer.Read(body);
            return (error.Code is null || OAuthErrors.Known(error.Code) == error.Code) && !(error.Reset <= TimeSpan.Zero);
        },
        Encoding.Latin1.GetString);

    [Test(Description = "C3 S3: nor the reader of times inside a JWT")]
    public void BoundLifetime_MutatedPayload_NeverRaisesTheLifetime() => Samples.Check(
        Mutants,
        60_000,
        body =>
        {
            TimeSpan stated = TimeSpan.FromSeconds(900);
            string jwt = $"h.{Base64Url.EncodeToString(body)}.s";
            return JwtTimes.BoundLifetime(jwt, stated, DateTimeOffset.UnixEpoch) <= stated;
        },
        Encoding.Latin1.GetString);
}
