namespace Inpaint.Training;

/// <summary>What the photos of the final figures were to the training.</summary>
internal enum TestUse
{
    /// <summary>In no training.</summary>
    Unseen,

    /// <summary>Learned from.</summary>
    Learned,

    /// <summary>What the weights were chosen by.</summary>
    Chosen,

    /// <summary>A dataset of that name was learned from or chosen by, here or in a training that came before.</summary>
    Unknown,
}

/// <summary>Tells from the names of datasets whether a graph is scored on photos that it knows.</summary>
internal static class TestPhotos
{
    private const string Scenes = "scenes:";

    /// <summary>Compares the test with all that was trained on.</summary>
    /// <param name="test">The test's dataset.</param>
    /// <param name="training">The graph's training.</param>
    /// <param name="commands">The commands of that one and of all others that the weights come from.</param>
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

        return new[] { "--data", "--valid" }.SelectMany(o => CommandText.Values(commands, o)).Any(d => SameName(d, test)) ? TestUse.Unknown : TestUse.Unseen;
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

    // With a separator at the end, so that only whole names are the beginning of another path.
    private static string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    // Scenes of one seed begin with the same pictures, however many they are.
    private static string? SceneSeed(string spec) => !spec.StartsWith(Scenes, StringComparison.Ordinal) ? null
        : spec.Split(':') is [_, _, _, var seed] ? seed : "1";
}
