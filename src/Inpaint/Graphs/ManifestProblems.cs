using System.Globalization;

namespace Inpaint.Graphs;

/// <summary>Collects the problems of a manifest, so that all of them are reported at once.</summary>
public sealed class ManifestProblems
{
    private const int MaxCharacters = 100;
    private const int MaxItems = 8;
    private readonly List<string> problems = [];

    /// <summary>The number of problems.</summary>
    public int Count => problems.Count;

    /// <summary>Adds a problem.</summary>
    /// <param name="key">The path of the JSON key, such as <c>inputs[0].parts[1].range</c>.</param>
    /// <param name="found">The value that was found. Strings are quoted; long strings and lists are shortened.</param>
    /// <param name="expected">The expected value.</param>
    /// <param name="remedy">What to do, if it does not follow from the expected value.</param>
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

    /// <summary>Throws if there are problems.</summary>
    /// <param name="what">The manifest's name in the message, such as its path.</param>
    /// <exception cref="ManifestException">All problems, one per line.</exception>
    public void ThrowIfAny(string what)
    {
        if (problems.Count > 0)
        {
            throw new ManifestException(problems.Count == 1
                ? $"{what}: {problems[0]}"
                : $"{what}: {problems.Count} problems\n  {string.Join("\n  ", problems)}");
        }
    }

    private static string Text(object? found) => found switch
    {
        null => "nothing",
        string text => text.Length <= MaxCharacters ? $"'{text}'" : $"'{text[..MaxCharacters]}...'",
        System.Collections.ICollection list =>
            $"[{string.Join(", ", list.Cast<object?>().Take(MaxItems).Select(Text))}{(list.Count > MaxItems ? ", ..." : "")}]",
        _ => Convert.ToString(found, CultureInfo.InvariantCulture)!,
    };
}
