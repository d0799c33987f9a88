using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>The content of the packages.</summary>
public sealed partial class PackageContentTests(BuiltPackages packages) : IClassFixture<BuiltPackages>
{
    /// <summary>The kind of custom debug information for embedded sources.</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Names => [.. BuiltPackages.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_package_has_a_description_readme_icon_licence_and_tags(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Package(name));
        XElement metadata = Metadata(package, name);
        string Of(string element) => metadata.Element(metadata.Name.Namespace + element)?.Value ?? "";
        Assert.Equal((name, BuiltPackages.Version, "MIT"), (Of("id"), Of("version"), Of("license")));
        Assert.Equal(("README.md", "icon.png"), (Of("readme"), Of("icon")));
        Assert.InRange(Of("description").Length, 40, 300);
        Assert.Contains("inpainting", Of("tags"));
        Assert.Equal(Read(package, "README.md"), File.ReadAllBytes(Path.Combine(Places.Repository, "src", name, "README.md")));
        Photo icon = PhotoCodec.Decode(Read(package, "icon.png"));
        Assert.Equal((128, 128), (icon.Width, icon.Height));
        string address = (string?)metadata.Element(metadata.Name.Namespace + "repository")?.Attribute("url") ?? "";
        Assert.True(
            address.Length == 0
            || address.StartsWith("https://", StringComparison.Ordinal),
            $"The package's repository is '{address}'; expected a web address or none.");
    }

    [Theory, MemberData(nameof(Names))]
    public void Links_in_the_readme_lead_to_files_of_the_package_or_the_web(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Package(name));
        string readme = Encoding.UTF8.GetString(Read(package, "README.md"));
        Assert.All(Link().Matches(readme).Select(m => m.Groups[1].Value), link =>
            Assert.True(
                link.StartsWith("https://", StringComparison.Ordinal)
                || package.GetEntry(link) is not null, $"The readme of {name} links to '{link}', which is not in the package."));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_documentation_is_next_to_the_library(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Package(name));
        Assert.Equal(
            [$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], package.Entries.Select(e => e.FullName)
                .Where(f => f.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        XDocument documented = XDocument.Parse(Encoding.UTF8.GetString(Read(package, $"lib/net10.0/{name}.xml")).TrimStart('\uFEFF'));
        Assert.Equal(name, documented.Descendants("assembly").Single().Value);
        Assert.InRange(documented.Descendants("member").Count(), 20, int.MaxValue);
    }

    [Theory, MemberData(nameof(Names))]
    public void Our_packages_depend_on_exactly_this_version_and_no_native_runtime(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(packages.Package(name));
        (string Id, string Range)[] asked = [
            .. Metadata(package, name).Descendants().Where(d => d.Name.LocalName == "dependency")
                .Select(d => ((string)d.Attribute("id")!, (string)d.Attribute("version")!))];
        Assert.All(asked.Where(d => BuiltPackages.Names.Contains(d.Id)), d => Assert.Equal($"[{BuiltPackages.Version}]", d.Range));
        Assert.Equal(name != "Inpaint", asked.Any(d => BuiltPackages.Names.Contains(d.Id)));
        Assert.DoesNotContain(asked, d =>
            d.Id is "Microsoft.ML.OnnxRuntime" or "Microsoft.ML.OnnxRuntime.Gpu" or "Grpc.Tools"
            || d.Id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, MemberData(nameof(Names))]
    public void No_path_of_the_build_machine_is_in_a_library_and_its_symbols_which_embed_the_sources(string name)
    {
        Assert.SkipUnless(BuiltPackages.Configuration == "Release", "Only Release builds are free of local paths.");
        using ZipArchive package = ZipFile.OpenRead(packages.Package(name)), symbols = ZipFile.OpenRead(packages.Package(name, "snupkg"));
        byte[] library = Read(package, $"lib/net10.0/{name}.dll"), pdb = Read(symbols, $"lib/net10.0/{name}.pdb");
        string[] here = [Places.Repository, Consumer.InstalledPackages, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)];
        foreach (string folder in here.Select(f => f.TrimEnd('/', '\\')).Where(f => f.Length > 1))
        {
            Assert.All([library, pdb], bytes =>
                Assert.All([Encoding.UTF8, Encoding.Unicode], e =>
                    Assert.True(bytes.AsSpan().IndexOf(e.GetBytes(folder)) < 0, $"{name} contains the path {folder}.")));
        }

        using var portable = new PEReader(new MemoryStream(library));
        DebugDirectoryEntry codeView = portable.ReadDebugDirectory().Single(d => d.Type == DebugDirectoryEntryType.CodeView);
        Assert.StartsWith("/_", portable.ReadCodeViewDebugDirectoryData(codeView).Path);
        Assert.Contains(portable.ReadDebugDirectory(), d => d.Type == DebugDirectoryEntryType.Reproducible);

        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
        MetadataReader reader = provider.GetMetadataReader();
        Assert.NotEmpty(reader.Documents);
        foreach (DocumentHandle handle in reader.Documents)
        {
            string path = reader.GetString(reader.GetDocument(handle).Name);
            Assert.StartsWith("/_", path);
            Assert.True(
                reader.GetCustomDebugInformation(handle)
                    .Any(i => reader.GetGuid(reader.GetCustomDebugInformation(i).Kind) == EmbeddedSource),
                    $"{path} is not in the symbols of {name}.");
        }
    }

    private static XElement Metadata(ZipArchive package, string name)
    {
        using Stream stream = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static byte[] Read(ZipArchive package, string file)
    {
        using Stream stream = package.GetEntry(file)?.Open() ?? throw new InvalidOperationException($"The package has no {file}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
