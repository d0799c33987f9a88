using System.CommandLine;
using Inpaint.CommandLine;
using Inpaint.Web;
using Inpaint.Web.Serving;

var options = new SettingOptions<ServiceOptions>(
    new ServiceOptions { ApiKey = Environment.GetEnvironmentVariable("INPAINT_API_KEY") is { Length: > 0 } key ? key : null },
    "urls", "graphs", "graph", "samples", "votes", "api_key", "device", "workers", "memory", "max_body", "max_pixels", "max_pending",
    "timeout");
var cors = new Option<string[]>("--cors")
{
    Description = "Origin whose pages may call the API, such as https://example.org. Repeatable.",
    HelpName = "ORIGIN",
};
var hosts = new Option<string[]>("--host")
{
    Description = "Host name of the service besides localhost, such as that of a proxy. Repeatable.",
    HelpName = "NAME",
};
var root = new RootCommand("A page and an HTTP service that complete photos in which the center, or any other part, is hidden.")
{
    cors, hosts,
};
options.AddTo(root);
root.SetAction((parsed, cancellation) => InpaintService.RunAsync(
    options.Read(parsed) with { Cors = parsed.GetValue(cors) ?? [], Hosts = parsed.GetValue(hosts) ?? [] }, cancellation));
return CommandRunner.Run(root, args, "Inpaint.Web");
