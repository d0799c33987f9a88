using System.Globalization;
using Spectre.Console;

namespace Inpaint.CommandLine;

/// <summary>Output: data on stdout; messages on stderr, with progress if that is a terminal.</summary>
public sealed class Terminal
{
    private const int Unwrapped = 100_000;

    public Terminal(bool json)
    {
        Json = json;
        People = Open(Console.Error, Console.IsErrorRedirected);
        Data = Open(Console.Out, Console.IsOutputRedirected);
    }

    /// <summary>Whether stdout is one JSON object.</summary>
    public bool Json { get; }

    /// <summary>Messages, on stderr.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Requested tables and lists, on stdout; with <see cref="Json"/>, use <see cref="WriteJson"/> instead.</summary>
    public IAnsiConsole Data { get; }

    /// <summary>Whether stderr is a terminal.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected;

    /// <summary>Writes a line without markup.</summary>
    public void Say(string text) => People.WriteLine(text);

    /// <summary>Writes a warning.</summary>
    public void Warn(string text) => People.MarkupLineInterpolated($"[yellow]{text}[/]");

    /// <summary>Writes an error.</summary>
    public void Fail(string text) => People.MarkupLineInterpolated($"[red]error:[/] {text}");

    /// <summary>Writes one JSON object to stdout: snake_case keys, nulls omitted.</summary>
    public static void WriteJson<T>(T value)
    {
        using Stream stdout = Console.OpenStandardOutput();
        stdout.Write(StrictJson.Write(value));
    }

    /// <summary>Runs work with a progress bar, if stderr is a terminal.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="total">The number of steps; null if unknown.</param>
    /// <param name="unit">The plural name of a step.</param>
    /// <param name="work">The work; it reports the number of finished steps.</param>
    public T WithProgress<T>(string what, long? total, string unit, Func<IProgress<long>, T> work)
    {
        if (!IsWatched || !People.Profile.Capabilities.Interactive)
        {
            return work(new Steps(null));
        }

        return People.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new StepsColumn(unit), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(what, maxValue: total ?? double.MaxValue);
                task.IsIndeterminate = total is null;
                return work(new Steps(task));
            });
    }

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            // Lines in a file or a pipe are not wrapped.
            console.Profile.Width = Unwrapped;
        }

        return console;
    }

    private sealed class Steps(ProgressTask? task) : IProgress<long>
    {
        public void Report(long value)
        {
            if (task is not null)
            {
                task.Value = value;
            }
        }
    }

    /// <summary>Finished steps, total and rate.</summary>
    private sealed class StepsColumn(string unit) : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(
            Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            string of = task.IsIndeterminate ? "" : string.Create(CultureInfo.InvariantCulture, $"/{task.MaxValue:N0}");
            string rate = task.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $", {speed:N0}/s") : "";
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0}{of} {unit}{rate}"));
        }
    }
}
