using System.Text.RegularExpressions;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>Text that no file of the repository may contain.</summary>
public sealed partial class TrackedTextTests
{
    private static readonly string[] Binary = [".onnx", ".png", ".jpg", ".zip"];

    [Fact]
    public void No_file_contains_a_local_path_or_a_package_registry()
    {
        var found = new List<string>();
        foreach (string path in TrackedFiles.Paths.Where(p => !Binary.Contains(Path.GetExtension(p))))
        {
            string[] lines = File.ReadAllLines(Path.Combine(Places.Repository, path));
            found.AddRange(
                lines.Select((l, i) => (Line: l, Number: i + 1)).Where(l => Local().IsMatch(l.Line))
                    .Select(l => $"{path}:{l.Number}: {l.Line.Trim()}"));
        }

        Assert.True(
            found.Count == 0,
            "Found paths of a machine or hosts of package registries; expected relative paths and NuGet's settings:\n"
            + string.Join('\n', found));
    }

    [Theory]
    [InlineData("in /~home/anna/photos")]
    [InlineData(@"C:\~Users\anna\photos")]
    [InlineData("<add key=\"x\" value=\"https://packages.example.com/~v3/index.json\" />")]
    public void The_pattern_matches_local_paths_and_registries(string line) =>
        Assert.Matches(Local(), line.Replace("~", "", StringComparison.Ordinal));

    // Brackets around single characters, and ~ above, keep this file from matching itself.
    [GeneratedRegex(@"/[h]ome/\w|/[r]oot/|/[w]ork/|/[t]mp/\w|/[U]sers/\w|\b[A-Z]:\\[U]sers|[n]uget[\w.-]*\.\w+/|/[v]3/index\.json")]
    private static partial Regex Local();
}
