namespace Inpaint.TestSupport;

/// <summary>Paths of the repository and the shared photographs.</summary>
internal static class Places
{
    /// <summary>The repository's root: the nearest parent folder of the tests that contains Inpaint.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path below <c>../shared/data</c>; the test is skipped if it does not exist.</summary>
    public static string SharedData(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data", relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"The shared photographs are not available (data/{relative}).");
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

        throw new DirectoryNotFoundException(
            $"No Inpaint.sln was found above {AppContext.BaseDirectory}; expected a bin folder of the repository. Run the tests there.");
    }
}
