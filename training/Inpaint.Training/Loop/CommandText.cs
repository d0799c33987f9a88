namespace Inpaint.Training;

/// <summary>The command of a training as it goes into manifests: names of files without their folders.</summary>
internal static class CommandText
{
    /// <summary>The text.</summary>
    public static string Of(TrainingRequest request, TrainingConfig config)
    {
        IEnumerable<string> words =
        [
            "train", config.Name,
            .. request.Data.SelectMany(d => new[] { "--data", Short(d) }),
            .. request.Valid is { } valid ? new[] { "--valid", Short(valid) } : [],
            .. request.Settings.SelectMany(s => new[] { "--set", s }),
            .. request.Init is { } init ? new[] { "--init", Short(init) } : [],
            .. request.Limit is { } limit ? new[] { "--limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture) } : [],
            "--out", config.Name,
        ];
        return "dotnet run -c Release --project training/Inpaint.Training -- " + string.Join(' ', words);
    }

    /// <summary>A dataset's or folder's own name.</summary>
    public static string Short(string path) =>
        path.StartsWith("scenes:", StringComparison.Ordinal) ? path : Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
