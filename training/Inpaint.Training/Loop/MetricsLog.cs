using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using TorchSharp.Modules;

namespace Inpaint.Training.Loop;

/// <summary>One line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Completed steps.</param>
/// <param name="Epoch">The same in epochs.</param>
/// <param name="Kind"><c>train</c> or <c>valid</c>.</param>
/// <param name="Values">The figures by name.</param>
internal sealed record MetricsLine(long Step, double Epoch, string Kind, IReadOnlyDictionary<string, double> Values);

/// <summary>Writes figures to <c>metrics.jsonl</c> and as TensorBoard events, and keeps them for plots.</summary>
internal sealed class MetricsLog
{
    private const string FileName = "metrics.jsonl";

    private readonly string _path;
    private readonly SummaryWriter _events;
    private readonly List<MetricsLine> _lines = [];

    public MetricsLog(RunFolder run)
    {
        _path = run.In(FileName);
        if (File.Exists(_path))
        {
            RemoveIncompleteLine(_path);
            _lines.AddRange(File.ReadLines(_path).Select(Parse).OfType<MetricsLine>());
        }

        _events = torch.utils.tensorboard.SummaryWriter(run.In("events"));
    }

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<MetricsLine> Lines => _lines;

    /// <summary>Removes the lines after a restored checkpoint, whose steps are repeated.</summary>
    public void RemoveAfter(long step)
    {
        if (_lines.RemoveAll(l => l.Step > step) > 0)
        {
            AtomicFile.Write(_path, Encoding.UTF8.GetBytes(string.Concat(_lines.Select(l => Text(l) + "\n"))));
        }
    }

    /// <summary>Adds the losses of the last steps.</summary>
    public void Training(
        TrainingState state, double learningRate, IReadOnlyDictionary<string, double> terms, double photosPerSecond, double epoch) =>
        Add(new MetricsLine(state.Step, epoch, "train", new Dictionary<string, double>(terms)
        {
            ["learning_rate"] = learningRate,
            ["photos_per_second"] = photosPerSecond,
            ["seconds"] = state.Seconds,
        }));

    public void Validation(TrainingState state, FillScores scores, double epoch)
    {
        var values = Metric.All.Where(m => scores[m] is not null).ToDictionary(m => m.Key, m => scores[m]!.Value);
        values.Add("photos", scores.Photos);
        Validation(state, values, epoch);
    }

    public void Validation(TrainingState state, IReadOnlyDictionary<string, double> figures, double epoch) =>
        Add(new MetricsLine(state.Step, epoch, "valid", figures));

    /// <summary>The newest line as text.</summary>
    public string Line(TrainingState state, long steps, int batch)
    {
        MetricsLine line = _lines[^1];
        double rate = line.Values["photos_per_second"];
        TimeSpan left = TimeSpan.FromSeconds((steps - state.Step) * batch / Math.Max(rate, 1e-9));
        string terms = string.Join(", ", line.Values
            .Where(v => v.Key is not ("learning_rate" or "photos_per_second" or "seconds"))
            .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:0.0000}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {line.Epoch:0.00}, step {state.Step:N0}/{steps:N0}: {terms}; rate {line.Values["learning_rate"]:0.0e+0}; {rate:N0} "
                + $"photos/s, {left:d\\.hh\\:mm\\:ss} left");
    }

    private void Add(MetricsLine line)
    {
        _lines.Add(line);
        File.AppendAllText(_path, Text(line) + "\n");
        foreach ((string name, double value) in line.Values)
        {
            _events.add_scalar($"{line.Kind}/{name}", (float)value, (int)line.Step);
        }
    }

    private static string Text(MetricsLine line)
    {
        var json = new JsonObject { ["step"] = line.Step, ["epoch"] = Math.Round(line.Epoch, 4), ["kind"] = line.Kind };
        foreach ((string name, double value) in line.Values)
        {
            json[name] = double.IsFinite(value) ? Math.Round(value, 8) : null;
        }

        return json.ToJsonString();
    }

    // A killed process may leave half a line, to which the next one would be appended.
    private static void RemoveIncompleteLine(string path)
    {
        byte[] text = File.ReadAllBytes(path);
        int whole = Array.LastIndexOf(text, (byte)'\n') + 1;
        if (whole < text.Length)
        {
            AtomicFile.Write(path, stream => stream.Write(text, 0, whole));
        }
    }

    // Invalid lines are skipped.
    private static MetricsLine? Parse(string text)
    {
        try
        {
            JsonObject json = JsonNode.Parse(text)!.AsObject();
            return new MetricsLine(
                json["step"]!.GetValue<long>(),
                json["epoch"]!.GetValue<double>(),
                json["kind"]!.GetValue<string>(),
                json.Where(p => p.Key is not ("step" or "epoch" or "kind") && p.Value is not null)
                    .ToDictionary(p => p.Key, p => p.Value!.GetValue<double>()));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
