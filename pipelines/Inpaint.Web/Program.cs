using System.CommandLine;
using Inpaint.Web;
using Inpaint.Web.Serving;

var urls = new Option<string>("--urls") { Description = "Where it listens, several separated by ';'. The default is reachable from this machine alone.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
var graphs = new Option<string?>("--graphs") { Description = "Folder with a folder for each graph. Left out: those of the repository, or beside the program.", HelpName = "FOLDER" };
var graph = new Option<string>("--graph") { Description = "The graph for requests that name none.", HelpName = "NAME", DefaultValueFactory = _ => "unet" };
var samples = new Option<string?>("--samples") { Description = "Folder of photos for the page's gallery.", HelpName = "FOLDER" };
var votes = new Option<string>("--votes") { Description = "File of the page's blind votes.", HelpName = "FILE", DefaultValueFactory = _ => "votes.jsonl" };
var key = new Option<string?>("--api-key") { Description = "What requests must bring as X-Api-Key. Better: the environment variable INPAINT_API_KEY.", HelpName = "KEY" };
var cors = new Option<string[]>("--cors") { Description = "An origin whose pages may ask, such as https://example.org. May be given several times.", HelpName = "ORIGIN" };
var hosts = new Option<string[]>("--host") { Description = "A name that the service may be called by beside localhost, as behind a proxy. May be given several times.", HelpName = "NAME" };
var device = new Option<string>("--device") { Description = "cpu, cuda:N or auto.", DefaultValueFactory = _ => "auto" };
var workers = new Option<int>("--workers") { Description = "Threads for each graph; 0 is one a core.", DefaultValueFactory = _ => 0 };
var maxBody = new Option<int>("--max-body") { Description = "Largest request, in MiB.", DefaultValueFactory = _ => 32 };
var maxPending = new Option<int>("--max-pending") { Description = "Photos that may wait before requests are turned away (429).", DefaultValueFactory = _ => 256 };
var timeout = new Option<double>("--timeout") { Description = "Seconds that a request may take.", DefaultValueFactory = _ => 60 };

var root = new RootCommand("A page and an HTTP service that complete photographs whose centre, or any part, is hidden.") { urls, graphs, graph, samples, votes, key, cors, hosts, device, workers, maxBody, maxPending, timeout };
root.SetAction(async (parsed, cancellation) =>
{
    var options = new ServiceOptions
    {
        Urls = parsed.GetValue(urls)!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Graphs = parsed.GetValue(graphs),
        Graph = parsed.GetValue(graph)!,
        Samples = parsed.GetValue(samples),
        Votes = parsed.GetValue(votes)!,
        ApiKey = parsed.GetValue(key) ?? (Environment.GetEnvironmentVariable("INPAINT_API_KEY") is { Length: > 0 } fromEnvironment ? fromEnvironment : null),
        Cors = parsed.GetValue(cors) ?? [],
        Hosts = parsed.GetValue(hosts) ?? [],
        Device = parsed.GetValue(device)!,
        Workers = parsed.GetValue(workers),
        MaxBody = (long)parsed.GetValue(maxBody) << 20,
        MaxPending = parsed.GetValue(maxPending),
        Timeout = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(timeout), -1, 1e6)),
    };
    return await InpaintService.RunAsync(options, cancellation);
});
ParseResult arguments = root.Parse(args);
int code = await arguments.InvokeAsync();
return arguments.Errors.Count > 0 ? 2 : code;
