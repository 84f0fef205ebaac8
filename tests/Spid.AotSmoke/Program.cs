using Spid.AotSmoke;
using Spid.AotSmoke.Cases;

var run = new Run();
await run.CaseAsync("binds the configuration section", ConfigurationCases.BindsTheSectionAsync);
await run.CaseAsync("serves a named client from a keyed service", ConfigurationCases.ServesANamedClientAsync);
await run.CaseAsync("words every fault of the options", ConfigurationCases.WordsEveryFaultAsync);
await run.CaseAsync("attaches the token to a request", HandlerCases.AttachesTheTokenAsync);
await run.CaseAsync("asks for the scope and resource of one request", HandlerCases.AsksForTheScopeOfOneRequestAsync);
await run.CaseAsync("renews the token after a 401", HandlerCases.RenewsAfterUnauthorizedAsync);
await run.CaseAsync("refuses a foreign origin", HandlerCases.RefusesAForeignOriginAsync);
await run.CaseAsync("tells the error code of a refusal", TelemetryCases.TellsTheErrorCodeAsync);
await run.CaseAsync("reports health", TelemetryCases.ReportsHealthAsync);
await run.CaseAsync("counts token requests", TelemetryCases.CountsTokenRequestsAsync);
return run.Finish();
