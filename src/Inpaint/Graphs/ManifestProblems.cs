using System.Globalization;

namespace Inpaint.Graphs;

/// <summary>What is wrong with a manifest, collected, so that its author sees everything at once.</summary>
public sealed class ManifestProblems
{
    private const int MostCharacters = 100;
    private const int MostItems = 8;
    private readonly List<string> problems = [];

    /// <summary>How many there are.</summary>
    public int Count => problems.Count;

    /// <summary>Adds a problem.</summary>
    /// <param name="key">Path of the JSON key, as <c>inputs[0].parts[1].range</c>.</param>
    /// <param name="found">What stands there: text is put in quotes, and long text and long lists are cut.</param>
    /// <param name="expected">What should.</param>
    /// <param name="remedy">What to do, where that does not follow from what is expected.</param>
    public void Add(string key, object? found, string expected, string? remedy = null) =>
        problems.Add($"{key}: found {Text(found)}, expected {expected}{(remedy is null ? "" : $"; {remedy}")}.");

    /// <summary>Adds a problem unless <paramref name="holds"/>.</summary>
    /// <returns><paramref name="holds"/>.</returns>
    public bool Require(bool holds, string key, object? found, string expected, string? remedy = null)
    {
        if (!holds)
        {
            Add(key, found, expected, remedy);
        }

        return holds;
    }

    /// <summary>Throws when there is a problem.</summary>
    /// <param name="what">What the message calls the manifest: its path.</param>
    /// <exception cref="ManifestException">Every problem, a line each.</exception>
    public void ThrowIfAny(string what)
    {
        if (problems.Count > 0)
        {
            throw new ManifestException(problems.Count == 1 ? $"{what}: {problems[0]}" : $"{what}: {problems.Count} problems\n  {string.Join("\n  ", problems)}");
        }
    }

    private static string Text(object? found) => found switch
    {
        null => "nothing",
        string text => text.Length <= MostCharacters ? $"'{text}'" : $"'{text[..MostCharacters]}...'",
        System.Collections.ICollection list => $"[{string.Join(", ", list.Cast<object?>().Take(MostItems).Select(Text))}{(list.Count > MostItems ? ", ..." : "")}]",
        _ => Convert.ToString(found, CultureInfo.InvariantCulture)!,
    };
}
