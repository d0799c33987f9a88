using Inpaint.CommandLine;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Json;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Cli.Score;

/// <summary>Which colour of a mask picture is the hole.</summary>
internal enum HoleColour
{
    /// <summary>White pixels are hidden.</summary>
    White,

    /// <summary>Black pixels are hidden.</summary>
    Black,
}

/// <summary>
/// Everything that <c>score</c> can be told: by options, or by a pipeline definition (<c>pipelines/*.json</c>), whose keys are the
/// options' names. What is null was not said.
/// </summary>
internal sealed record ScoreSettings
{
    /// <summary>What a definition is for, in a sentence; for people.</summary>
    public string? Description { get; init; }

    /// <summary>Photos, folders, zips and datasets.</summary>
    public IReadOnlyList<string>? Input { get; init; }

    /// <summary>The folder that pictures, rows and sheet are written to.</summary>
    public string? Out { get; init; }

    /// <summary>A graph by name or path.</summary>
    public string? Graph { get; init; }

    /// <summary>A mask for all photos, or a folder of masks.</summary>
    public string? Mask { get; init; }

    /// <summary>Which colour of a mask is the hole. Default white.</summary>
    public HoleColour? MaskPolarity { get; init; }

    /// <summary>What every photo shows.</summary>
    public string? Caption { get; init; }

    /// <summary>A captions file, one JSON object a line.</summary>
    public string? Captions { get; init; }

    /// <summary>File format of the completed pictures. Default PNG.</summary>
    public PhotoFormat? Format { get; init; }

    /// <summary>Pixels over which the fill is blended into the photo. Default 0.</summary>
    public int? Feather { get; init; }

    /// <summary>Where the graph runs.</summary>
    public string? Device { get; init; }

    /// <summary>Photos scored in one run of the graph.</summary>
    public int? Batch { get; init; }

    /// <summary>Batches under way at once.</summary>
    public int? Workers { get; init; }

    /// <summary>What becomes of a photo that cannot be completed. Default <c>row</c>.</summary>
    public OnError? OnError { get; init; }

    /// <summary>Reads a pipeline definition.</summary>
    /// <exception cref="UsageException">The file is missing, is not JSON, or has a key that is not known.</exception>
    public static ScoreSettings Read(string path)
    {
        try
        {
            return StrictJson.Read<ScoreSettings>(File.ReadAllBytes(path), path);
        }
        catch (StrictJsonException e)
        {
            throw new UsageException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The pipeline definition '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>These settings where they say something, else those of <paramref name="other"/>. Caption and captions go together.</summary>
    public ScoreSettings Over(ScoreSettings other)
    {
        bool captioned = Caption is not null || Captions is not null;
        return new ScoreSettings
        {
            Description = Description ?? other.Description,
            Input = Input ?? other.Input,
            Out = Out ?? other.Out,
            Graph = Graph ?? other.Graph,
            Mask = Mask ?? other.Mask,
            MaskPolarity = MaskPolarity ?? other.MaskPolarity,
            Caption = captioned ? Caption : other.Caption,
            Captions = captioned ? Captions : other.Captions,
            Format = Format ?? other.Format,
            Feather = Feather ?? other.Feather,
            Device = Device ?? other.Device,
            Batch = Batch ?? other.Batch,
            Workers = Workers ?? other.Workers,
            OnError = OnError ?? other.OnError,
        };
    }

    /// <summary>How the pipeline is to work: rows that fail say so, and the run decides what becomes of them.</summary>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    public InpaintingOptions ToOptions(Action<string> warn)
    {
        InpaintingOptions defaults = InpaintingOptions.Default;
        try
        {
            return (defaults with
            {
                Device = Device ?? defaults.Device,
                BatchSize = Batch ?? defaults.BatchSize,
                Workers = Workers ?? defaults.Workers,
                Feather = Feather ?? defaults.Feather,
                MaskPolarity = MaskPolarity == HoleColour.Black ? Inpaint.Holes.MaskPolarity.BlackIsHole : Inpaint.Holes.MaskPolarity.WhiteIsHole,
                Form = (Format ?? PhotoFormat.Png) switch
                {
                    PhotoFormat.Jpeg => CompletedForm.Jpeg,
                    PhotoFormat.Webp => CompletedForm.Webp,
                    _ => CompletedForm.Png,
                },
                OnError = Inpaint.Onnx.Inpainting.OnError.Row,
                Warn = warn,
            }).Validated();
        }
        catch (Exception e) when (e is ArgumentException or GraphException)
        {
            throw new UsageException(e.Message.Split(" (Parameter ")[0], e);
        }
    }

    /// <summary>Changes whenever a setting does that shows in the pictures.</summary>
    public string PictureSettings() =>
        $"{Format ?? PhotoFormat.Png};feather={Feather ?? 0};hole={(Mask is null ? "centre" : (MaskPolarity ?? HoleColour.White).ToString())}".ToLowerInvariant();
}
