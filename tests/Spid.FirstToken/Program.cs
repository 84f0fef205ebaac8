using Spid.FirstToken;
using Spid.FirstToken.Subjects;

using var endpoint = new Endpoint();
string token = await Subject.GetTokenAsync(endpoint);
return token == Endpoint.AccessToken ? 0 : 1;
