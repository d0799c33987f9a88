using Inpaint.Holes;

namespace Inpaint.Graphs;

/// <summary>Validates a manifest on its own; whether it matches its graph is checked elsewhere.</summary>
internal static class ManifestValidator
{
    private const int MaxSide = 65_536; // the product of two sides and a batch fits into 64 bits

    private const int MaxContext = 64;

    /// <summary>Validates all keys of a manifest.</summary>
    /// <param name="manifest">The manifest, as parsed.</param>
    /// <param name="what">Its name in error messages, such as its path.</param>
    /// <exception cref="ManifestException">All problems, one per line: the key, the value found and the value expected.</exception>
    public static void Validate(GraphManifest manifest, string what)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var problems = new ManifestProblems();
        if (problems.Require(
            manifest.Version >= 1,
            "version",
            manifest.Version,
            "1 or more") & problems.Require(
            manifest.MinVersion <= GraphManifest.CurrentVersion,
            "min_version",
            manifest.MinVersion,
            $"at most {GraphManifest.CurrentVersion}",
            "the graph needs a newer release of this library: update the library"))
        {
            Head(manifest, problems);
            Size(manifest.Size, problems);
            Hole(manifest, problems);
            Inputs(manifest, problems);
            TensorRules.Output(manifest.Output, "output", problems);
            problems.Require(
                manifest.Output.Content != OutputContent.Fill || manifest.Hole.Kind == HoleKind.Fixed,
                "output.content",
                "fill",
                "photo or pasted, since hole.kind is free",
                "a fill needs a fixed hole");
            Caption(manifest, problems);
        }

        problems.ThrowIfAny(what);
    }

    private static void Head(GraphManifest manifest, ManifestProblems problems)
    {
        problems.Require(
            manifest.Name.Length is > 0 and <= 100 && manifest.Name[0] != '.'
                && manifest.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'),
            "name",
            manifest.Name,
            "1 to 100 of the characters A-Z a-z 0-9 - _ . without a leading dot");
        string file = manifest.Graph.File;
        problems.Require(
            file.Length > 0 && file is not ("." or ".." or GraphManifest.FileName)
                && !file.Any(c => c is '/' or '\\' or ':' || char.IsControl(c)),
            "graph.file",
            file,
            "the name of a file next to the manifest, without folders",
            "put the graph into the folder of its manifest");
        problems.Require(
            manifest.Graph.Sha256.Length == 64 && manifest.Graph.Sha256.All(char.IsAsciiHexDigit),
            "graph.sha256",
            manifest.Graph.Sha256,
            "64 hexadecimal digits",
            $"run `sha256sum {file}`");
        problems.Require(manifest.Graph.Opset is null or > 0, "graph.opset", manifest.Graph.Opset, "1 or more");
    }

    private static void Size(SizeContract size, ManifestProblems problems)
    {
        if (size.Height is null != size.Width is null)
        {
            string missing = size.Height is null ? "size.height" : "size.width";
            problems.Add(missing, null, "an integer, like the other side", "specify both for a fixed size, neither for a dynamic one");
        }

        problems.Require(size.Height is null or (> 0 and <= MaxSide), "size.height", size.Height, $"1 to {MaxSide}");
        problems.Require(size.Width is null or (> 0 and <= MaxSide), "size.width", size.Width, $"1 to {MaxSide}");
        bool multiple =
            problems.Require(size.MultipleOf is > 0 and <= MaxSide, "size.multiple_of", size.MultipleOf, $"1 to {MaxSide}");
        problems.Require(size.MaxSide is > 0 and <= MaxSide, "size.max_side", size.MaxSide, $"1 to {MaxSide}");
        problems.Require(size.BytesPerPixel is null or > 0, "size.bytes_per_pixel", size.BytesPerPixel, "1 or more");
        problems.Require(
            !multiple || size.MaxSide >= size.MultipleOf,
            "size.max_side",
            size.MaxSide,
            $"at least size.multiple_of, {size.MultipleOf}");
    }

    private static void Hole(GraphManifest manifest, ManifestProblems problems)
    {
        HoleContract hole = manifest.Hole;
        problems.Require(hole.Context is >= 0 and <= MaxContext, "hole.context", hole.Context, $"0 to {MaxContext}");
        (string Key, int? Value)[] numbers = [("x", hole.X), ("y", hole.Y), ("width", hole.Width), ("height", hole.Height)];
        if (hole.Kind == HoleKind.Free)
        {
            foreach ((string key, int? value) in numbers)
            {
                problems.Require(
                    value is null, $"hole.{key}", value, "no such key, since hole.kind is free", "remove it, or set hole.kind to fixed");
            }

            problems.Require(
                manifest.Inputs.Any(i => i?.Parts?.Any(p => p?.Role == PartRole.Mask) == true),
                "hole.kind",
                "free",
                "fixed, since no input has a part with the role mask",
                "a graph with a free hole needs a mask input");
            return;
        }

        foreach ((string key, int? value) in numbers)
        {
            int least = key is "x" or "y" ? 0 : 1;
            problems.Require(value >= least, $"hole.{key}", value, $"{least} or more, since hole.kind is fixed");
        }

        if (!manifest.Size.IsFixed)
        {
            problems.Add("hole.kind", "fixed", "free, since the size is dynamic", "specify size.height and size.width for a fixed hole");
        }
        else if (hole is { X: { } x, Y: { } y, Width: { } width, Height: { } height })
        {
            problems.Require(
                (long)x + width <= manifest.Size.Width,
                "hole.width",
                width,
                $"at most {manifest.Size.Width - x}, so that the hole fits into the picture of width {manifest.Size.Width}");
            problems.Require(
                (long)y + height <= manifest.Size.Height,
                "hole.height",
                height,
                $"at most {manifest.Size.Height - y}, so that the hole fits into the picture of height {manifest.Size.Height}");
        }
    }

    private static void Inputs(GraphManifest manifest, ManifestProblems problems)
    {
        var names = new HashSet<string>();
        var counts = new Dictionary<PartRole, int>();
        for (int i = 0; i < manifest.Inputs.Count; i++)
        {
            string key = $"inputs[{i}]";
            if (!problems.Require(manifest.Inputs[i] is not null, key, null, "an input"))
            {
                continue;
            }

            InputContract input = manifest.Inputs[i];
            problems.Require(input.Name.Length > 0, $"{key}.name", input.Name, "the name of an input of the graph");
            problems.Require(names.Add(input.Name), $"{key}.name", input.Name, "a unique name");
            problems.Require(input.Parts.Count > 0, $"{key}.parts", input.Parts, "at least one part");
            for (int p = 0; p < input.Parts.Count; p++)
            {
                if (problems.Require(input.Parts[p] is not null, $"{key}.parts[{p}]", null, "a part"))
                {
                    PartRole role = input.Parts[p].Role;
                    counts[role] = counts.GetValueOrDefault(role) + 1;
                    TensorRules.Part(input, p, $"{key}.parts[{p}]", problems);
                }
            }
        }

        int images = counts.GetValueOrDefault(PartRole.Image), captions = counts.GetValueOrDefault(PartRole.Caption);
        problems.Require(images == 1, "inputs", images, "exactly 1 part with the role image in all inputs");
        problems.Require(captions <= 1, "inputs", captions, "at most 1 part with the role caption in all inputs");
        problems.Require(
            captions == 0 || manifest.Caption is not null,
            "caption",
            null,
            "the vocabulary and rules, since an input has a part with the role caption");
        problems.Require(
            captions > 0 || manifest.Caption is null,
            "caption",
            manifest.Caption?.Vocabulary,
            "no such key, since no input has a part with the role caption");
    }

    private static void Caption(GraphManifest manifest, ManifestProblems problems)
    {
        if (manifest.Caption is not { } caption)
        {
            return;
        }

        problems.Require(caption.Vocabulary.Count > 0, "caption.vocabulary", caption.Vocabulary, "at least one word");
        var words = new Dictionary<string, int>();
        for (int i = 0; i < caption.Vocabulary.Count; i++)
        {
            string word = caption.Vocabulary[i];
            if (problems.Require(!string.IsNullOrWhiteSpace(word), $"caption.vocabulary[{i}]", word, "a word"))
            {
                problems.Require(words.TryAdd(word, i), $"caption.vocabulary[{i}]", word, $"unique words; it is also at [{words[word]}]");
            }
        }
    }
}
