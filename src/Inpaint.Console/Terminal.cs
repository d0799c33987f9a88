using System.Globalization;
using Inpaint.Json;
using Spectre.Console;

namespace Inpaint.CommandLine;

/// <summary>The program's two voices: data on stdout; text for people, and progress where one watches, on stderr.</summary>
public sealed class Terminal
{
    private const int Unwrapped = 100_000;

    public Terminal(bool json)
    {
        Json = json;
        People = Open(Console.Error, Console.IsErrorRedirected);
        Data = Open(Console.Out, Console.IsOutputRedirected);
    }

    /// <summary>Whether stdout gets one JSON object and nothing else.</summary>
    public bool Json { get; }

    /// <summary>Text for people, on stderr.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Tables and lists that were asked for, on stdout; with <see cref="Json"/>, write them with <see cref="WriteJson"/> instead.</summary>
    public IAnsiConsole Data { get; }

    /// <summary>Whether somebody watches stderr.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected;

    /// <summary>A line for people, as it stands.</summary>
    public void Say(string text) => People.WriteLine(text);

    /// <summary>A warning.</summary>
    public void Warn(string text) => People.MarkupLineInterpolated($"[yellow]{text}[/]");

    /// <summary>What went wrong.</summary>
    public void Fail(string text) => People.MarkupLineInterpolated($"[red]error:[/] {text}");

    /// <summary>One JSON object on stdout: snake_case keys, nulls left out.</summary>
    public static void WriteJson<T>(T value)
    {
        using Stream stdout = Console.OpenStandardOutput();
        stdout.Write(StrictJson.Write(value));
    }

    /// <summary>Runs work that tells how far it is. A bar with rate and time left stands on the terminal meanwhile; nothing where nobody watches.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="total">How many steps there are; null when that is not known.</param>
    /// <param name="unit">What one step is, in the plural.</param>
    /// <param name="work">The work; it reports how many steps are done.</param>
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
            // A file or a pipe has no width: lines stay whole.
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

    /// <summary>Steps done, of how many, and how many a second.</summary>
    private sealed class StepsColumn(string unit) : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            string of = task.IsIndeterminate ? "" : string.Create(CultureInfo.InvariantCulture, $"/{task.MaxValue:N0}");
            string rate = task.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $", {speed:N0}/s") : "";
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0}{of} {unit}{rate}"));
        }
    }
}
