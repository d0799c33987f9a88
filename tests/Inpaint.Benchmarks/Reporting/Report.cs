using System.Text;
using System.Text.Json;

namespace Inpaint.Benchmarks;

/// <summary>Collects what was measured, as Markdown for people and as JSON for programs; tables appear on the console as they are made.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly StringBuilder _markdown = new();
    private readonly List<object> _measured = [];
    private readonly List<(string What, double Found, double Wanted, bool AtMost)> _aims = [];
    private readonly Machine _machine = Machine.Here();

    public Report() => Text(_machine.ToString());

    public void Heading(string heading) => Write($"\n## {heading}\n");

    public void Text(string text) => Write($"\n{text}\n");

    public void Pipelines(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        Series? Of(string name) => series.FirstOrDefault(s => s.Contender == name);
        Series? stock = Of(Contender.Stock), tuned = Of(Contender.Tuned), bare = Of(Contender.Bare);
        Write($"\n**{files.Name}, {graph.Name} graph ({graph.MegaFlops:0.0} MFLOP a photo), {rows:N0} photos a pass.** {files.Remark}\n\n");
        Write("| | photos/s | CPU µs/photo | peak MB | over stock | over tuned stock | over bare loop | over bare loop, by CPU |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {s.CpuMicrosecondsAPhoto:N0} | {s.PeakMegabytes:N0} | {Ratio(stock, s.SpeedOver)} | {Ratio(tuned, s.SpeedOver)} | {Ratio(bare, s.SpeedOver)} | {Ratio(bare, s.CpuSpeedOver)} |\n");
        }

        _measured.Add(new { Kind = "pipelines", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Memory(IReadOnlyList<(string Contender, Pass Few, Pass Many)> measured, int few, int many)
    {
        Write($"\n| | {few:N0} rows, MB | {many:N0} rows, MB |\n|---|---:|---:|\n");
        foreach ((string contender, Pass first, Pass second) in measured)
        {
            Write($"| {Contender.Title(contender)} | {first.PeakBytes / 1048576.0:N0} | {second.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "memory", Contender = contender, Few = first, Many = second });
        }
    }

    public void Batches(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        Series Of(string name) => series.Single(s => s.Contender == name);
        Series encoding = Of(Contender.BareEncoding), one = Of(Contender.BatchOne);
        Write($"\n**{files.Name}, {graph.Name} graph ({graph.MegaFlops:0.0} MFLOP a photo), {rows:N0} photos a pass.** {files.Remark}\n\n");
        Write("| | photos/s | CPU µs/photo | peak MB | over the bare loop that encodes | the same by CPU | over one worker |\n|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {s.CpuMicrosecondsAPhoto:N0} | {s.PeakMegabytes:N0} | {Ratio(encoding, s.SpeedOver)} | {Ratio(encoding, s.CpuSpeedOver)} | {Ratio(one, s.SpeedOver)} |\n");
        }

        _measured.Add(new { Kind = "batch", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Web(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        Write($"\n**{files.Name}, {graph.Name} graph ({graph.MegaFlops:0.0} MFLOP a photo), {rows:N0} photos a pass.** {files.Remark}\n\n");
        Write("| | photos/s | over the bare loop that encodes | p50, ms | p95, ms | p99, ms | peak MB |\n|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            string times = s.Percentiles is { } p ? string.Join(" | ", p.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture))) : " | | ";
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {Ratio(series[0], s.SpeedOver)} | {times} | {s.PeakMegabytes:N0} |\n");
        }

        _measured.Add(new { Kind = "web", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Jobs(IReadOnlyList<(int Rows, IReadOnlyList<Pass> Passes)> jobs, IReadOnlyList<string> steps)
    {
        Write("\n| rows | step | seconds | µs a row | peak MB |\n|---:|---|---:|---:|---:|\n");
        foreach ((int rows, IReadOnlyList<Pass> passes) in jobs)
        {
            foreach ((Pass pass, string step) in passes.Zip(steps))
            {
                Write($"| {rows:N0} | {Contender.Title(step)} | {pass.Seconds:N1} | {1e6 * pass.Seconds / rows:N1} | {pass.PeakBytes / 1048576.0:N0} |\n");
                _measured.Add(new { Kind = "job", Rows = rows, Step = step, Pass = pass });
            }
        }
    }

    public void Predictions(ConvolutionGraph graph, int calls, IReadOnlyList<Series> series)
    {
        Series bare = series.Single(s => s.Contender == Contender.PredictBare);
        Write($"\n**{graph.Name} graph ({graph.MegaFlops:0.0} MFLOP a photo), {calls:N0} calls a pass.**\n\n| | µs a call | CPU µs a call | times the bare call |\n|---|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            Write($"| {Contender.Title(s.Contender)} | {s.MicrosecondsAPhoto:N0} | {s.CpuMicrosecondsAPhoto:N0} | {1 / s.SpeedOver(bare):0.00} |\n");
        }

        _measured.Add(new { Kind = "predict", Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Exports(IReadOnlyList<Pass> first, IReadOnlyList<Series> again)
    {
        Write("\n| | first, ms | again, ms | peak MB of the first |\n|---|---:|---:|---:|\n");
        foreach ((Pass once, Series series) in first.Zip(again))
        {
            Write($"| {Contender.Title(series.Contender)} | {1000 * once.Seconds:N0} | {series.MicrosecondsAPhoto / 1000:N0} | {once.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "export", First = once, Series = series });
        }
    }

    public void BeginNetworks() =>
        Write("\n| | pictures at once | TorchSharp, ms a picture | tuned | ONNX Runtime | without spinning | over TorchSharp | without spinning over tuned | peak MB, TorchSharp | peak MB, ONNX Runtime |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");

    /// <param name="network">What ran.</param>
    /// <param name="batch">Pictures at once.</param>
    /// <param name="series">TorchSharp, TorchSharp tuned, ONNX Runtime, ONNX Runtime without spinning.</param>
    public void Network(BenchmarkNetwork network, int batch, IReadOnlyList<Series> series)
    {
        (Series torch, Series tuned, Series onnx, Series asleep) = (series[0], series[1], series[2], series[3]);
        Write($"| {network.Name}, {network.Side}x{network.Side} | {batch} | {torch.MicrosecondsAPhoto / 1000:N1} | {tuned.MicrosecondsAPhoto / 1000:N1} | {onnx.MicrosecondsAPhoto / 1000:N1} | {asleep.MicrosecondsAPhoto / 1000:N1} "
            + $"| {Ratio(torch, onnx.SpeedOver)} | {Ratio(tuned, asleep.SpeedOver)} | {torch.PeakMegabytes:N0} | {onnx.PeakMegabytes:N0} |\n");
        _measured.Add(new { Kind = "network", Network = network.Name, Batch = batch, Series = series });
    }

    public void Aim(string what, double found, double atLeast) => _aims.Add((what, found, atLeast, AtMost: false));

    public void AimAtMost(string what, double found, double atMost) => _aims.Add((what, found, atMost, AtMost: true));

    /// <summary>Writes the aims and the files that were asked for.</summary>
    public void End(BenchmarkOptions options)
    {
        if (_aims.Count > 0)
        {
            Heading("Aims");
            Write("\n| | measured | aim | |\n|---|---:|---:|---|\n");
            foreach ((string what, double found, double wanted, bool atMost) in _aims)
            {
                Write($"| {what} | {found:0.00} | {(atMost ? "at most" : "at least")} {wanted:0.00} | {(atMost ? found <= wanted : found >= wanted) switch { true => "met", false => "missed" }} |\n");
            }
        }

        if (options.Out is { } path)
        {
            File.WriteAllText(path, _markdown.ToString().TrimStart());
        }

        if (options.Json is { } json)
        {
            object aims = _aims.Select(a => new { a.What, a.Found, a.Wanted, a.AtMost });
            File.WriteAllText(json, JsonSerializer.Serialize(new { Machine = _machine, Measured = _measured, Aims = aims }, Indented));
        }
    }

    private static string Ratio(Series? other, Func<Series, double> over) => other is null ? "" : over(other).ToString("0.00", CultureInfo.InvariantCulture);

    private void Write(string text)
    {
        _markdown.Append(text);
        Console.Write(text);
    }
}
