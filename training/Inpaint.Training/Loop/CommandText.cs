using System.Globalization;
using System.Text.RegularExpressions;

namespace Inpaint.Training.Loop;

/// <summary>The command of a training as recorded in manifests, to be pasted into a shell: file names without their folders.</summary>
internal static partial class CommandText
{
    /// <summary>The command that starts the program.</summary>
    public const string Program = "dotnet run -c Release --project training/Inpaint.Training --";

    /// <summary>The command of a training, followed by that of the training whose weights it started from.</summary>
    public static string Of(TrainingRequest request, TrainingConfig config)
    {
        IEnumerable<string> words =
        [
            "train", Short(request.Config ?? config.Name),
            .. request.Data.SelectMany(d => new[] { "--data", Short(d) }),
            .. request.Valid is { } valid ? new[] { "--valid", Short(valid) } : [],
            .. request.Settings.SelectMany(s => new[] { "--set", s }),
            .. request.Init is { } init ? new[] { "--init", Short(init) } : [],
            .. request.Limit is { } limit ? new[] { "--limit", limit.ToString(CultureInfo.InvariantCulture) } : [],
            "--out", config.Name,
        ];
        string own = $"{Program} " + string.Join(' ', words.Select(ShellWord.Quote));
        return request.Init is { } first ? $"{own}; {Short(first)}: {OfSource(first)}" : own;
    }

    /// <summary>The recorded command of a run or graph.</summary>
    public static string OfSource(string source) => RunFolder.Of(source) is { } run
        ? run.Description().Command
        : RunFolder.IsCheckpoint(source) ? "unknown"
        : GraphPackage.Load(source).Manifest.Provenance?.Command ?? "unknown";

    /// <summary>The values of an option in all commands of such a text.</summary>
    public static IEnumerable<string> Values(string commands, string option)
    {
        string[] words = [.. Word().Matches(commands).Select(m => Unquote(m.Value.TrimEnd(';')))];
        return words.Zip(words.Skip(1)).Where(w => w.First == option).Select(w => w.Second);
    }

    /// <summary>The name of a dataset or folder; a checkpoint's with that of its run.</summary>
    public static string Short(string path)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(path), name = Path.GetFileName(trimmed);
        return path.StartsWith("scenes:", StringComparison.Ordinal) ? path
            : RunFolder.IsCheckpoint(path) ? $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(trimmed)))}/{name}"
            : name;
    }

    private static string Unquote(string word) => word
        .Replace("'\\''", "\0", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal).Replace('\0', '\'');

    [GeneratedRegex(@"('[^']*'|\\'|[^\s'])+")]
    private static partial Regex Word();
}
