using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests;

/// <summary>The files that git keeps, and those it would keep with the next commit.</summary>
internal static class TrackedFiles
{
    private static readonly Lazy<IReadOnlyList<string>> Listed = new(List);

    /// <summary>Relative to the root, with slashes.</summary>
    public static IReadOnlyList<string> Paths => Listed.Value;

    private static IReadOnlyList<string> List()
    {
        Launched git = Launched.Run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], Places.Repository);
        Assert.True(git.ExitCode == 0, $"git ls-files failed: {git.Errors} These tests run in a clone of the repository, with git.");
        return [.. git.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => File.Exists(Path.Combine(Places.Repository, p)))
            .Distinct()
            .Order(StringComparer.Ordinal)];
    }
}
