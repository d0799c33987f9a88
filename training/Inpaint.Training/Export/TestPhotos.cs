namespace Inpaint.Training.Export;

/// <summary>The role of the test photos in the training.</summary>
internal enum TestUse
{
    /// <summary>Not used in any training.</summary>
    Unseen,

    /// <summary>Training photos.</summary>
    Learned,

    /// <summary>Validation photos, which the weights were chosen by.</summary>
    Chosen,

    /// <summary>A dataset of that name was used for training or validation, here or in an earlier training.</summary>
    Unknown,
}

/// <summary>Determines from the names of datasets whether a graph is scored on photos of its training.</summary>
internal static class TestPhotos
{
    private const string Scenes = "scenes:";

    /// <summary>Compares the test dataset with those of the training.</summary>
    /// <param name="test">The test dataset.</param>
    /// <param name="training">The graph's training.</param>
    /// <param name="commands">The commands of this training and of all others that its weights come from.</param>
    public static TestUse Of(string test, RunDescription training, string commands)
    {
        if (training.Data.Any(d => SharePhotos(d, test)))
        {
            return TestUse.Learned;
        }

        if (training.Valid is { } valid && SharePhotos(valid, test))
        {
            return TestUse.Chosen;
        }

        IEnumerable<string> used = new[] { "--data", "--valid" }.SelectMany(o => CommandText.Values(commands, o));
        return used.Any(d => SameName(d, test)) ? TestUse.Unknown : TestUse.Unseen;
    }

    private static bool SharePhotos(string one, string other)
    {
        if (SceneSeed(one) is { } seed)
        {
            return SceneSeed(other) == seed;
        }

        string a = FullPath(one), b = FullPath(other);
        return SceneSeed(other) is null && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));
    }

    private static bool SameName(string name, string dataset) => SceneSeed(name) is { } seed
        ? SceneSeed(dataset) == seed
        : name.Equals(CommandText.Short(dataset), StringComparison.OrdinalIgnoreCase);

    // With a trailing separator, so that a prefix consists of complete names.
    private static string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    // Scenes of one seed start with the same pictures, whatever their number.
    private static string? SceneSeed(string spec) => !spec.StartsWith(Scenes, StringComparison.Ordinal) ? null
        : spec.Split(':') is [_, _, _, var seed] ? seed : "1";
}
