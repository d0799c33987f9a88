using System.Text.RegularExpressions;
using Inpaint.Onnx;

namespace Inpaint.Training;

/// <summary>The command of a training as it goes into manifests, to be pasted into a shell: names of files without their folders.</summary>
internal static partial class CommandText
{
    /// <summary>How the program is called.</summary>
    public const string Program = "dotnet run -c Release --project training/Inpaint.Training --";

    /// <summary>The text; where the training begins with another's weights, also that one's.</summary>
    public static string Of(TrainingRequest request, TrainingConfig config)
    {
        IEnumerable<string> words =
        [
            "train", Short(request.Config ?? config.Name),
            .. request.Data.SelectMany(d => new[] { "--data", Short(d) }),
            .. request.Valid is { } valid ? new[] { "--valid", Short(valid) } : [],
            .. request.Settings.SelectMany(s => new[] { "--set", s }),
            .. request.Init is { } init ? new[] { "--init", Short(init) } : [],
            .. request.Limit is { } limit ? new[] { "--limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture) } : [],
            "--out", config.Name,
        ];
        string own = $"{Program} " + string.Join(' ', words.Select(ShellWord.Quote));
        return request.Init is { } first ? $"{own}; {Short(first)}: {OfOther(first)}" : own;
    }

    /// <summary>The commands of a graph: its training's, those of the others whose fills are averaged with it, and the export's where it has options.</summary>
    public static string Of(ExportRequest request, RunDescription description, string name)
    {
        string[] options = [.. request.With.SelectMany(w => new[] { "--with", Short(w) }), .. request.Settings.SelectMany(s => new[] { "--set", s })];
        return string.Join("; ", [
            description.Command,
            .. request.With.Select(w => $"{Short(w)}: {OfOther(w)}"),
            .. options.Length == 0 ? Array.Empty<string>() : [$"export {name} --out onnx/{name} {string.Join(' ', options.Select(ShellWord.Quote))}"],
        ]);
    }

    /// <summary>The values of an option in all commands of such a text.</summary>
    public static IEnumerable<string> Values(string commands, string option)
    {
        string[] words = [.. Word().Matches(commands).Select(m => m.Value.TrimEnd(';').Replace("'\\''", "\0", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal).Replace('\0', '\''))];
        return words.Zip(words.Skip(1)).Where(w => w.First == option).Select(w => w.Second);
    }

    [GeneratedRegex(@"('[^']*'|\\'|[^\s'])+")]
    private static partial Regex Word();

    private static string OfOther(string source) => RunFolder.Of(source) is { } run
        ? run.Description().Command
        : RunFolder.IsCheckpoint(source) ? "unknown"
        : GraphPackage.Load(source).Manifest.Provenance?.Command ?? "unknown";

    /// <summary>A dataset's or folder's own name; a checkpoint's with that of its run.</summary>
    public static string Short(string path)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(path), name = Path.GetFileName(trimmed);
        return path.StartsWith("scenes:", StringComparison.Ordinal) ? path
            : RunFolder.IsCheckpoint(path) ? $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(trimmed)))}/{name}"
            : name;
    }
}
