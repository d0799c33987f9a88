using Inpaint.ClassicGraphs;

if (args is not [string folder])
{
    Console.Error.WriteLine("Usage: dotnet run --project training/Inpaint.ClassicGraphs -- FOLDER\nWrites the classic graphs, each into a folder of its own below FOLDER, and FOLDER/README.md.");
    return 2;
}

foreach (ClassicGraph graph in ClassicGraphCatalog.Shipped())
{
    string place = Path.Combine(folder, graph.Manifest.Name);
    Directory.CreateDirectory(place);
    foreach ((string file, byte[] content) in GraphFolder.Files(graph))
    {
        File.WriteAllBytes(Path.Combine(place, file), content);
    }

    Console.WriteLine($"{place}: {graph.Bytes.Length:N0} bytes, sha256 {graph.Manifest.Graph.Sha256}");
}

File.WriteAllText(Path.Combine(folder, "README.md"), GraphFolder.Table(folder));
return 0;
