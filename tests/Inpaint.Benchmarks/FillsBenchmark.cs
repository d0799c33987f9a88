using System.Text.Json;
using Inpaint.Cli.Evaluate;
using Inpaint.Cli.Score;
using Inpaint.CommandLine;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Inpaint.Evaluation.Perception;

namespace Inpaint.Benchmarks;

/// <summary>
/// Graphs and programs outside this project complete the same photos: quality, time and memory. Each contender runs in its own process,
/// from PNG to PNG; of what it returns, the hidden pixels count.
/// </summary>
internal static class FillsBenchmark
{
    private static readonly string[] Graphs = ["pushpull", "unet", "sharp", "patches", "unet-free", "fill"];

    private const string PassFile = "pass.json";

    /// <param name="Title">The contender's name in tables.</param>
    /// <param name="Folder">The folder of its fills.</param>
    /// <param name="Pass">Time and memory.</param>
    /// <param name="Scorer">Its figures.</param>
    private sealed record Entry(string Title, string Folder, Pass Pass, FillScorer Scorer);

    public static void Run(BenchmarkOptions options, BenchmarkFolder folder, Report report)
    {
        string root = Path.GetFullPath(options.Fills ?? folder.PathOf("fills"));
        string[] photos = [.. Prepare(options, root)];
        Pass Run(string contender, string graph, string name)
        {
            string kept = Path.Combine(root, name, PassFile);
            if (File.Exists(kept) && photos.All(p => File.Exists(FillFiles.Completed(p, name))))
            {
                return JsonSerializer.Deserialize<Pass>(File.ReadAllBytes(kept))!;
            }

            Pass pass = folder.Run(graph, photos).Once(contender, photos.Length);
            AtomicFile.Write(kept, JsonSerializer.SerializeToUtf8Bytes(pass));
            return pass;
        }

        var entries = new List<Entry>();
        foreach (string graph in Graphs.Intersect(GraphLocator.Names()).Where(g => Chosen(options, g)))
        {
            entries.Add(new Entry($"`{graph}`", graph, Run(Contender.GraphFill, GraphLocator.Find(graph), graph), new()));
        }

        var missing = new List<string>();
        foreach (FillProgram program in FillProgram.All.Values.Where(p => Chosen(options, p.Name)))
        {
            if (program.Missing() is { } why)
            {
                missing.Add($"{program.Title}: skipped, {why}.");
                continue;
            }

            entries.Add(new Entry(program.Title, program.Name, Run(Contender.ProgramFill, program.Name, program.Name), new()));
        }

        report.Heading($"Fills: {options.Masks}, size {options.Size}");
        report.Text($"{photos.Length} photos of {Path.GetFileName(options.Dataset.TrimEnd('/'))}, masks `{options.Masks}`; one pass, each "
            + "contender in its own process, from PNG to PNG, loading included; seconds are those of a photo, in brackets 95 % intervals.");
        missing.ForEach(report.Text);
        if (entries.Count == 0)
        {
            return;
        }

        Score(photos, entries);
        FillScores[] scores = [.. entries.Select(e => e.Scorer.Result())];
        report.Fills([.. entries.Select((e, i) => (e.Title, e.Pass, scores[i]))]);
    }

    private static bool Chosen(BenchmarkOptions options, string name) => options.Only?.Contains(name) ?? true;

    /// <summary>Writes photos and masks, and returns the photos' paths.</summary>
    private static IEnumerable<string> Prepare(BenchmarkOptions options, string root)
    {
        EvaluationPicture picture = EvaluationPicture.Named[options.Size];
        HoleSource holes = EvaluationMasks.Parse(options.Masks);
        using IPhotoDataset dataset = KnownDatasets.Formats.Open(options.Dataset, null);
        foreach (PhotoRecord record in dataset.Read().Take(options.Limit))
        {
            Photo truth = picture.Take(record.Decode(PhotoDecodingOptions.Default));
            string path = Path.Combine(root, FillFiles.Photos, Path.ChangeExtension(record.Id.Replace('/', '_'), ".png"));
            Hole hole = holes.Create(record, truth);
            AtomicFile.Write(FillFiles.Truth(path), PhotoCodec.Encode(truth));
            AtomicFile.Write(FillFiles.Mask(path), PhotoCodec.Encode(MaskSource.Draw(hole, truth.Width, truth.Height)));

            // A program may leave hidden pixels as they are: they must not be the truth.
            Photo black = new(truth.Width, truth.Height);
            AtomicFile.Write(path, PhotoCodec.Encode(Paste(black, truth, hole)));
            yield return path;
        }
    }

    private static void Score(string[] photos, List<Entry> entries)
    {
        using PerceptualNetwork network = PerceptualNetwork.Load();
        using PerceptualComparer comparer = network.CreateComparer();
        foreach (string path in photos)
        {
            Photo truth = PhotoCodec.Decode(FillFiles.Truth(path));
            Hole hole = FillFiles.HoleOf(path);
            Photo[] fills = [.. entries.Select(e => Paste(PhotoCodec.Decode(FillFiles.Completed(path, e.Folder)), truth, hole))];
            IReadOnlyList<PerceptualComparison> comparisons = comparer.Compare(truth, hole, fills);
            for (int i = 0; i < fills.Length; i++)
            {
                entries[i].Scorer.Add(truth, fills[i], hole, comparisons[i]);
            }
        }
    }

    /// <summary>The photo with the hidden pixels of a completed one.</summary>
    private static Photo Paste(Photo completed, Photo truth, Hole hole)
    {
        Photo pasted = truth.Clone();
        for (int i = 0; i < truth.Width * truth.Height; i++)
        {
            if (hole.IsHidden(i % truth.Width, i / truth.Width))
            {
                completed.Pixels.Slice(4 * i, 3).CopyTo(pasted.Pixels[(4 * i)..]);
            }
        }

        return pasted;
    }
}
