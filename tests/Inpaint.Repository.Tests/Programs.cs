using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests;

/// <summary>The repository's programs, built together with these tests.</summary>
internal static class Programs
{
    /// <summary>The executable of a program in <c>pipelines</c>, in the configuration of the tests.</summary>
    public static string PathOf(string name)
    {
        string built = Path.GetRelativePath(Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests"), AppContext.BaseDirectory);
        string path = Path.Combine(Places.Repository, "pipelines", name, built, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        Assert.True(
            File.Exists(path),
            $"{path} does not exist; expected it to be built with this test project, which references it. Build the whole test project.");
        return path;
    }
}
