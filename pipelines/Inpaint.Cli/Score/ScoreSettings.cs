using System.Globalization;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>The settings of <c>score</c>: its options, and the keys of a pipeline definition (<c>pipelines/*.json</c>).</summary>
internal sealed record ScoreSettings
{
    /// <summary>Settings that are both options and keys; input is an argument, and description only a key.</summary>
    private static readonly string[] Keys =
    [
        "out", "graph", "mask", "mask_polarity", "caption", "captions", "format", "feather", "context", "device", "batch", "workers",
        "memory", "on_error",
    ];

    /// <summary>Scenes that are drawn without input.</summary>
    public const int DefaultScenes = 12;

    public static SettingOptions<ScoreSettings> Options { get; } = new(new ScoreSettings(), Keys);

    [Setting]
    public string? Description { get; init; }

    [Setting]
    public IReadOnlyList<string> Input { get; init; } = [];

    [Setting("The folder for the completed photos, results.jsonl and sheet.html; created if missing.", Alias = "-o", Placeholder = "DIR")]
    public string? Out { get; init; }

    [Setting(CommonOptions.GraphDescription, Alias = "-g", Placeholder = CommonOptions.GraphPlaceholder)]
    public string? Graph { get; init; }

    [Setting(
        "The hidden pixels: one mask for all photos of its size, or a folder with a mask for each, with the same relative path and any "
        + "extension, or 'object': the object of each scene, with its shadow. Default: the centre half; without INPUT, the object.",
        Placeholder = "FILE_OR_DIR|object")]
    public string? Mask { get; init; }

    [Setting("Caption of every photo.", AllowBlank = true)]
    public string? Caption { get; init; }

    [Setting(
        "Captions of the photos: one JSON object per line, with file and caption or captions. Default: the captions of the inputs.",
        Placeholder = "FILE")]
    public string? Captions { get; init; }

    /// <summary>How photos are completed.</summary>
    public InpaintingOptions Inpainting { get; init; } = new() { Output = new OutputOptions { Format = PhotoFormat.Png },
        OnError = OnError.Row };

    /// <summary>The file format of the completed photos.</summary>
    public PhotoFormat Format => Inpainting.Output.Format ?? PhotoFormat.Png;

    /// <summary>Reads the command line, and the pipeline definition that it names; the command line wins.</summary>
    /// <param name="given">The options that are given.</param>
    /// <param name="input">The inputs that are given.</param>
    /// <param name="definition">The path of a pipeline definition; null for none.</param>
    /// <exception cref="UsageException">A setting is missing, or the definition cannot be read.</exception>
    public static ScoreSettings Read(SettingValues given, string[] input, string? definition)
    {
        try
        {
            SettingValues defined = definition is null ? new SettingValues() : ReadDefinition(definition);
            if (given.Keys.Any(key => key is "caption" or "captions"))
            {
                defined.Remove("caption");
                defined.Remove("captions");
            }

            ScoreSettings settings = given.ApplyTo(defined.ApplyTo(new ScoreSettings()));
            return WithDefaults(Check(input.Length > 0 ? settings with { Input = input } : settings));
        }
        catch (SettingException e)
        {
            throw new UsageException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The pipeline definition '{definition}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Changes whenever a setting that affects the pictures does.</summary>
    public string PictureSettings()
    {
        string hole = Mask switch
        {
            null => "centre",
            MaskSource.Object => Mask,
            _ => Inpainting.Fill.MaskPolarity == MaskPolarity.WhiteIsHole ? "white" : "black",
        };
        string context = Inpainting.Fill.Context is { } margin ? string.Create(CultureInfo.InvariantCulture, $";context={margin}") : "";
        return $"{Format};feather={Inpainting.Fill.Feather};hole={hole}{context}".ToLowerInvariant();
    }

    private static SettingValues ReadDefinition(string path) =>
        SettingValues.Read(
            File.ReadAllBytes(path), [.. new[] { "description", "input" }.Concat(Keys).Select(Setting.Of<ScoreSettings>)], path);

    private static ScoreSettings Check(ScoreSettings settings) => settings switch
    {
        { Out: null } =>
            throw new UsageException("--out is missing; expected the folder for the completed photos, such as --out completed."),
        { Caption: not null, Captions: not null } => throw new UsageException(
            "Both --caption and --captions are given; expected one of them: a caption for all photos, or a file with a line for each."),
        _ => settings,
    };

    /// <summary>Without input, objects are removed from scenes. Masks of objects have the default polarity.</summary>
    private static ScoreSettings WithDefaults(ScoreSettings settings)
    {
        settings = settings.Input.Count > 0 ? settings
            : settings with { Input = [$"scenes:{DefaultScenes}:512"], Mask = settings.Mask ?? MaskSource.Object };
        return settings.Mask != MaskSource.Object ? settings : settings with
        {
            Inpainting = settings.Inpainting with
            {
                Fill = settings.Inpainting.Fill with { MaskPolarity = MaskPolarity.WhiteIsHole },
            },
        };
    }
}
