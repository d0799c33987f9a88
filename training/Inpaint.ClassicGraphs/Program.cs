using Inpaint.ClassicGraphs;

if (args is not [string folder])
{
    Console.Error.WriteLine(
        "Usage: dotnet run --project training/Inpaint.ClassicGraphs -- FOLDER\nWrites each classic graph to a subfolder of FOLDER, and "
            + "FOLDER/README.md.");
    return 2;
}

foreach (ClassicGraph graph in ClassicGraphCatalog.Shipped(folder))
{
    string subfolder = Path.Combine(folder, graph.Manifest.Name);
    foreach ((string file, byte[] content) in ClassicGraphFiles.Files(graph))
    {
        AtomicFile.Write(Path.Combine(subfolder, file), content);
    }

    Console.WriteLine($"{subfolder}: {graph.Bytes.Length:N0} bytes, sha256 {graph.Manifest.Graph.Sha256}");
}

File.WriteAllText(Path.Combine(folder, "README.md"), ClassicGraphFiles.Table(folder));
return 0;
