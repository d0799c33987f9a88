
using Inpaint.Datasets;
using Inpaint.Onnx.Runtime;
using Inpaint.Web.Judging;
using Inpaint.Web.Serving;

namespace Inpaint.Web;

/// <summary>Runs the service until it is stopped.</summary>
internal static class ServiceProgram
{
    private const int Usage = 2;

    public static async Task<int> RunAsync(ServiceOptions options, CancellationToken cancellation)
    {
        try
        {
            Check(options);
            await using WebApplication app = InpaintService.Build(options);
            await app.StartAsync(cancellation);
            foreach (string url in app.Urls)
            {
                Console.WriteLine($"Inpaint listens on {url}");
            }

            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (e is ServiceException or IOException or UnauthorizedAccessException or GraphException or ArgumentException or DatasetException or FormatException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return Usage;
        }
    }

    private static void Check(ServiceOptions options)
    {
        var shelf = new GraphShelf(options.Graphs);
        if (shelf.FolderOf(options.Graph) is null)
        {
            IReadOnlyList<string> names = shelf.Names();
            throw ServiceException.UnknownGraph($"There is no graph '{options.Graph}' for --graph. {(names.Count > 0 ? $"There are: {string.Join(", ", names)}." : "Name a folder of graphs with --graphs.")}");
        }

        if (options.Samples is { } samples)
        {
            using IPhotoDataset photos = PhotoDataset.Open(samples);
        }

        VoteBook.Check(options.Votes);
        if (options.ApiKey is { } key && (string.IsNullOrWhiteSpace(key) || key.Any(c => c is < '!' or > '~')))
        {
            throw new ArgumentException("--api-key is empty or has other characters than letters, digits and signs of ASCII, which a header cannot carry; leave it out for a service that is open to this machine.");
        }

        if (options.Timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"--timeout {options.Timeout.TotalSeconds}: expected seconds, a day at the most.");
        }

        if (options.MaxBody < 1 << 20 || options.MaxPending < 1 || options.Timeout <= TimeSpan.Zero || options.Workers < 0)
        {
            throw new ArgumentException($"--max-body {options.MaxBody >> 20}, --max-pending {options.MaxPending}, --timeout {options.Timeout.TotalSeconds} and --workers {options.Workers}: expected 1 or more, and 0 or more workers.");
        }
    }
}
