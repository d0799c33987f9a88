using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests;

/// <summary>The repository's own programs, built together with these tests.</summary>
internal static class Programs
{
    /// <summary>The executable of a program in <c>pipelines</c>, in the tests' own configuration.</summary>
    public static string PathOf(string name)
    {
        string built = Path.GetRelativePath(Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests"), AppContext.BaseDirectory);
        string path = Path.Combine(Places.Repository, "pipelines", name, built, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        Assert.True(File.Exists(path), $"{path} is not built; this test project refers to it, so build the project as a whole.");
        return path;
    }
}
