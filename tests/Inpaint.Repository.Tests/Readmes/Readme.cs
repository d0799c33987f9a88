using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Readmes;

/// <summary>A fenced code block of a README.</summary>
/// <param name="Line">The line number of its fence, from 1.</param>
/// <param name="Language">The language after the fence: <c>sh</c>, <c>csharp</c>.</param>
/// <param name="Source">The <c>file#region</c> in the comment above it, if any.</param>
/// <param name="Text">The code.</param>
internal sealed record ReadmeBlock(int Line, string Language, string? Source, string Text);

/// <summary>Reads READMEs and the sources that they quote.</summary>
internal static class Readme
{
    private const string Marker = "<!-- code: ", Fence = "```";

    /// <summary>The code blocks of a README.</summary>
    public static IReadOnlyList<ReadmeBlock> Blocks(string path)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Places.Repository, path));
        var blocks = new List<ReadmeBlock>();
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            int end = Array.IndexOf(lines, Fence, i + 1);
            Assert.True(end > 0, $"{path}:{i + 1}: the block does not end.");
            string? source = i > 0 && lines[i - 1].StartsWith(Marker, StringComparison.Ordinal)
                ? lines[i - 1][Marker.Length..].Replace(" -->", "", StringComparison.Ordinal) : null;
            blocks.Add(new ReadmeBlock(i + 1, lines[i][Fence.Length..], source, string.Join('\n', lines[(i + 1)..end])));
            i = end;
        }

        return blocks;
    }

    /// <summary>The lines of a region, without their common indentation.</summary>
    /// <param name="source"><c>file#region</c>, from the repository's root.</param>
    public static string Region(string source)
    {
        string[] parts = source.Split('#');
        string[] lines = File.ReadAllLines(Path.Combine(Places.Repository, parts[0]));
        int start = Array.FindIndex(lines, l => l.Trim() == $"#region {parts[1]}");
        Assert.True(start >= 0, $"{parts[0]} has no region '{parts[1]}'.");
        int end = Array.FindIndex(lines, start, l => l.Trim() == "#endregion");
        string[] inside = lines[(start + 1)..end];
        int indent = inside.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', inside.Select(l => l.Length > 0 ? l[indent..] : l));
    }
}
