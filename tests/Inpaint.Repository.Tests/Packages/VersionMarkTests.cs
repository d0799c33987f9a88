using System.Security.Cryptography;
using System.Text;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>
/// TorchSharp's native library in the output of a program that uses the exporter's build file: on systems that need it, a copy in which one
/// version requirement is weak, otherwise the package's own file. A file with or without the version mark simulates the system.
/// </summary>
[Trait("Category", "Long")]
public sealed class VersionMarkTests : IDisposable
{
    private const string Mark = "GLIBCXX_3.4.32", Native = "libLibTorchSharp.so", Rid = "linux-x64";
    private static readonly string[] Pinned = ["TorchSharp", "Google.Protobuf", "SharpZipLib", "SkiaSharp"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _app, _package, _native, _lacking, _having;
    private readonly Dictionary<string, string> _before;

    public VersionMarkTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Version marks exist only on Linux.");
        _app = _folder.File("app");
        Consumer.Write(
            _app,
            "App",
            _folder.Path,
            "<CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>",
            Pinned.ToDictionary(p => p, Consumer.VersionOf),
            Path.Combine(Places.Repository, "src", "Inpaint.Onnx.TorchSharp", "build", "Inpaint.Onnx.TorchSharp.targets"));
        File.WriteAllText(Path.Combine(_app, "Program.cs"), "Console.WriteLine(typeof(TorchSharp.torch));");

        // A separate package folder, to which outputs can be hard-linked and which nothing else changes.
        string version = Path.Combine("torchsharp", Consumer.VersionOf("TorchSharp"));
        _package = Path.Combine(_app, "unpacked", version);
        Copy(Path.Combine(Consumer.InstalledPackages, version), _package);
        _native = Path.Combine(_package, "runtimes", Rid, "native", Native);
        _before = Hashes();
        File.WriteAllText(_lacking = _folder.File("old-libstdc++.so.6"), "\u007fELF GLIBCXX_3.4.30\0GLIBCXX_3.4.3\0");
        File.WriteAllText(_having = _folder.File("new-libstdc++.so.6"), "\u007fELF GLIBCXX_3.4.30\0GLIBCXX_3.4.32\0");
    }

    [Fact]
    public void A_second_build_keeps_the_copy_of_the_first()
    {
        Build(_lacking);
        string output = Output(Path.Combine("runtimes", Rid, "native"));
        AssertOptional(output);
        string first = Stat(output);

        string log = Build(_lacking, "-v:n");
        AssertOptional(output);
        Assert.Equal(first, Stat(output));
        Assert.Matches(@"Skipping target ""WriteWeakenedTorchSharpNative""", log);

        Build(_lacking, "--no-incremental");
        AssertOptional(output);

        // Other files are still links to the package's files.
        Assert.Equal(Inode(Path.Combine(_package, "lib", "net8.0", "TorchSharp.dll")), Inode(Output("", "TorchSharp.dll")));
        Assert.NotEqual(Inode(_native), Inode(output));
    }

    [Fact]
    public void A_system_with_the_mark_gets_the_packages_own_file_unless_overridden()
    {
        string output = Output(Path.Combine("runtimes", Rid, "native"));
        Build(_having);
        Assert.Equal(Inode(_native), Inode(output));

        Build(_having, "-p:WeakenTorchSharpNative=always");
        AssertOptional(output);

        Build(_lacking, "-p:WeakenTorchSharpNative=never");
        Assert.Equal(Inode(_native), Inode(output));

        Build(_lacking);
        AssertOptional(output);
    }

    [Fact]
    public void Published_programs_have_the_copy_with_and_without_a_platform()
    {
        Dotnet("publish", _lacking, "-o", _folder.File("portable"));
        AssertOptional(_folder.File($"portable/runtimes/{Rid}/native/{Native}"));
        Dotnet("publish", _lacking, "-o", _folder.File("platform"), "-r", Rid, "--no-self-contained");
        AssertOptional(_folder.File($"platform/{Native}"));
        Dotnet("publish", _having, "-o", _folder.File("newer"), "-r", Rid, "--no-self-contained");
        Assert.Equal(File.ReadAllBytes(_native), File.ReadAllBytes(_folder.File($"newer/{Native}")));
    }

    public void Dispose()
    {
        try
        {
            Assert.Equal(_before, Hashes()); // builds must not write into a package
        }
        finally
        {
            _folder.Dispose();
        }
    }

    /// <summary>
    /// Asserts that one byte differs from the package's file: the flags after the mark's hash, which are VER_FLG_WEAK (2).
    /// </summary>
    private void AssertOptional(string path)
    {
        byte[] original = File.ReadAllBytes(_native), found = File.ReadAllBytes(path);
        Assert.Equal(original.Length, found.Length);
        int place = Assert.Single(Enumerable.Range(0, original.Length), i => original[i] != found[i]);
        Assert.Equal((0, 2), (original[place], found[place]));
        Assert.Equal(ElfHash(Mark), BitConverter.ToUInt32(found, place - 4));
    }

    // The hash function of the System V ABI.
    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (byte letter in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + letter;
            uint high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private string Build(string system, params string[] arguments) => Dotnet("build", system, arguments);

    private string Dotnet(string command, string system, params string[] arguments)
    {
        Launched run = Launched.Dotnet(
            _app, [command, "-c", "Release", $"-p:SystemCppLibraries={system}", "-nodeReuse:false", .. arguments]);
        Assert.True(run.ExitCode == 0, run.All);
        return run.Output;
    }

    private string Output(string below, string file = Native) => Path.Combine(_app, "bin", "Release", "net10.0", below, file);

    private static string Stat(string path) => Ask("%i %Y %s", path);

    private static string Inode(string path) => Ask("%d %i", path);

    private static string Ask(string format, string path)
    {
        Launched stat = Launched.Run("stat", ["-c", format, path], Path.GetDirectoryName(path)!);
        Assert.True(stat.ExitCode == 0, stat.All);
        return stat.Output.Trim();
    }

    private Dictionary<string, string> Hashes() => Directory.EnumerateFiles(_package, "*", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(Consumer.InstalledPackages, "torchsharp"), Native, SearchOption.AllDirectories))
        .ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
