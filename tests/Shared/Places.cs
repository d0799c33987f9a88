namespace Inpaint.TestSupport;

/// <summary>Where tests find things: the repository, the shared photographs (skipping without them), folders of their own.</summary>
internal static class Places
{
    /// <summary>The repository's root: the nearest folder above the tests that holds Inpaint.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path below <c>../shared/data</c>; the test is skipped where the photographs are not there.</summary>
    public static string SharedData(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data", relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"The shared photographs are not on this machine (data/{relative}).");
        return path;
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inpaint.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Inpaint.sln above {AppContext.BaseDirectory}; the tests run from the repository's own bin folders.");
    }
}
