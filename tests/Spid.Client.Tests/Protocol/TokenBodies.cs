using System.Text;

namespace Spid.Client.Tests.Protocol;

/// <summary>Success bodies: those of SPiD with their variants, and those that nobody should be able to hurt with.</summary>
internal static class TokenBodies
{
    public const string Valid = """{"access_token":"eQ2nUz5J","token_type":"Bearer","expires_in":900,"scope":"read"}""";

    private const string NotJson = "it is not JSON in UTF-8";
    private const string NoToken = "it has no access_token";
    private const string UnsafeToken = "its access_token has a character that cannot stand in an Authorization header";
    private const string NotBearer = "its token_type is not Bearer";
    private const string TooLong = "it is longer than 65536 bytes";

    /// <summary>Gets bodies that are no token, with the fault that is named.</summary>
    public static IEnumerable<TestCaseData> Unusable() =>
        [.. Texts(), .. Truncations(), .. Encodings(), .. Depths(), .. Duplicates(), .. TokenTypes(), .. Tokens()];

    private static IEnumerable<TestCaseData> Texts()
    {
        string[] notJson =
        [
            "", " ", "\r\n", "{", "}", "[", "<html><body>Service Unavailable</body></html>", "<?xml version=\"1.0\"?><a/>", "Something went wrong",
            "access_token=t&token_type=Bearer", "{'access_token':'t'}", "{access_token:\"t\"}", Valid + Valid, Valid + "]", Valid + "\0", "//\n" + Valid,
            "/* */" + Valid, Valid[..^1] + ",,}", "{\"access_token\":\"t\",\"expires_in\":NaN}", "{\"access_token\":\"t\",\"expires_in\":Infinity}",
            "{\"access_token\":\"t\",\"expires_in\":0900}", "{\"access_token\":\"t\",\"expires_in\":+1}", "{\"access_token\":\"t\",\"expires_in\":1.}",
            "{\"access_token\":\"t\",\"expires_in\":0x10}", "{\"access_token\":\"a\tb\"}", "{\"access_token\":\"a\nb\"}", "{\"access_token\":\"\\x41\"}",
            "{\"access_token\":\"\\u12\"}", "{\"access_token\":\"t\" \"expires_in\":1}", "{\"access_token\" \"t\"}", "{:1}", "nul", "True",
        ];
        string[] notAnObject = ["null", "true", "false", "[]", "[{}]", "[" + Valid + "]", "\"access_token\"", "0", "-1.5e3", " \n[ ] "];
        return [.. notJson.Select(body => Case(body, NotJson)), .. notAnObject.Select(body => Case(body, "it is not a JSON object")), Case("{}", NoToken), Case(" {\n} ", NoToken)];
    }

    private static IEnumerable<TestCaseData> Truncations() =>
        Enumerable.Range(1, Valid.Length - 1).Where(length => length % 4 == 0).Select(length => Case(Valid[..length], NotJson));

    private static IEnumerable<TestCaseData> Encodings()
    {
        byte[] latin1 = Encoding.Latin1.GetBytes("{\"access_token\":\"é\"}");
        return
        [
            Case("UTF-16 LE", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Valid)], NotJson),
            Case("UTF-16 BE", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Valid)], NotJson),
            Case("UTF-16 without mark", Encoding.Unicode.GetBytes(Valid), NotJson),
            Case("UTF-32", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Valid)], NotJson),
            Case("mark alone", Encoding.UTF8.GetPreamble(), NotJson),
            Case("two marks", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Valid)], NotJson),
            Case("half a mark", [0xEF, 0xBB, .. Encoding.UTF8.GetBytes(Valid)], NotJson),
            Case("Latin-1 token", latin1, NoToken),
            Case("overlong NUL in the token", [.. "{\"access_token\":\""u8, 0xC0, 0x80, .. "\"}"u8], NoToken),
            Case("surrogate in UTF-8", [.. "{\"access_token\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], NoToken),
            Case("bytes that are no UTF-8 as a name", [.. "{\""u8, 0xFF, 0xFE, .. "\":1}"u8], NoToken),
            Case("gzip magic", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], NotJson),
            Case("zeros", new byte[64], NotJson),
            Case("longer than the limit", Encoding.UTF8.GetBytes("{\"access_token\":\"" + new string('a', 100 * 1024) + "\"}"), TooLong),
            Case("spaces up to one more than the limit", Encoding.UTF8.GetBytes(Valid.PadRight((64 * 1024) + 1)), TooLong),
            Case("a mebibyte of dots", Encoding.UTF8.GetBytes(new string('.', 1024 * 1024)), TooLong),
        ];
    }

    private static IEnumerable<TestCaseData> Depths() => new[] { 17, 100, 10_000 }.SelectMany(depth => new[]
    {
        Case($"arrays {depth} deep", new string('[', depth) + new string(']', depth), NotJson),
        Case($"member with objects {depth} deep", "{\"access_token\":\"t\",\"x\":" + Repeat("{\"a\":", depth) + "1" + new string('}', depth) + "}", depth * 6 > 64 * 1024 ? TooLong : NotJson),
        Case($"open arrays {depth} deep", new string('[', depth), NotJson),
    });

    private static IEnumerable<TestCaseData> Duplicates() =>
    [
        Case("""{"access_token":"a","access_token":"b"}""", NotJson),
        Case("""{"access_token":"a","\u0061ccess_token":"b"}""", NotJson),
        Case("""{"access_token":"a","token_type":"Bearer","token_type":"DPoP"}""", NotJson),
        Case("""{"access_token":"a","expires_in":1,"expires_in":2}""", NotJson),
        Case("""{"access_token":"a","x":{"y":1,"y":2}}""", NotJson),
        Case("""{"":1,"":2,"access_token":"a"}""", NotJson),
        Case("""{"\ud800":1,"\ud800":2}""", NotJson),
        Case("""{"\ud800":1}""", NotJson),
        Case("""{"access_token":"t","\udc00":1}""", NotJson),
        Case("""{"access_toke\ud800":"t"}""", NotJson),
    ];

    private static IEnumerable<TestCaseData> TokenTypes()
    {
        string[] values = ["\"DPoP\"", "\"mac\"", "\"\"", "\" \"", "\"Bearer \"", "\" Bearer\"", "\"N_A\"", "\"Bearer,DPoP\"", "\"Be\\u0000arer\"", "\"\\ud800\"", "0", "true", "false", "[]", "[\"Bearer\"]", "{}"];
        return values.Select(value => Case($$"""{"access_token":"t","token_type":{{value}},"expires_in":900}""", NotBearer));
    }

    private static IEnumerable<TestCaseData> Tokens()
    {
        string[] absent = ["null", "\"\"", "0", "42", "true", "false", "[]", "[\"t\"]", "{}", "{\"value\":\"t\"}", "\"\\ud800\"", "\"\\udc00\"", "\"\\udc00\\ud800\""];
        string[] hostile = ["\\r", "\\n", "\\r\\nX-Admin: 1", " ", "a b", " t", "t ", "\\t", "\\u0000", "\\u001f", "\\u007f", "\\u0080", "é", "\\u00e9", "€", "😀", "\\ufeff", "\\u2028", "\\uffff"];
        return
        [
            .. absent.Select(value => Case($$"""{"access_token":{{value}},"expires_in":900}""", NoToken)),
            .. hostile.Select(value => Case($$"""{"access_token":"t{{value}}t","expires_in":900}""", UnsafeToken)),
            Case("""{"Access_Token":"t","ACCESS_TOKEN":"t","accessToken":"t"}""", NoToken),
            Case("""{"data":{"access_token":"t"}}""", NoToken),
            Case("""{"error":"invalid_client"}""", NoToken),
        ];
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static TestCaseData Case(string body, string fault) => Case(Shown(body), body, fault);

    private static TestCaseData Case(string name, string body, string fault) => Case(name, Encoding.UTF8.GetBytes(body), fault);

    private static TestCaseData Case(string name, byte[] body, string fault) => new TestCaseData(body, fault).SetArgDisplayNames(name, fault);

    private static string Shown(string body) => string.Concat((body.Length <= 60 ? body : body[..40] + "..." + body[^12..]).Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"<{(int)c:x}>"));
}
