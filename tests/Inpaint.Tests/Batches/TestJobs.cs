using Inpaint.CommandLine;
using System.IO.Compression;
using Inpaint.Jobs;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Tests.Batches;

/// <summary>Datasets and jobs for tests, in a temporary folder.</summary>
internal sealed class TestJobs : IDisposable
{
    public static byte[] Picture { get; } = PhotoCodec.Encode(SceneGenerator.Draw(1, 32).Photo);

    public TemporaryFolder Root { get; } = new();

    public void Dispose() => Root.Dispose();

    /// <summary>A graph's manifest; jobs here never run the graph.</summary>
    public static byte[] Manifest => File.ReadAllBytes(Path.Combine(Places.Repository, "onnx", "membrane", "model.json"));

    /// <summary>Plans a job in a folder of the tests.</summary>
    public BatchFolder Plan(string dataset, int shardSize, string name = "job", BatchJobOptions? options = null, string? captions = null) =>
        BatchPlanner.Plan(KnownDatasets.Formats, dataset, captions, [1, 2, 3], Manifest, Root.File(name), shardSize, options);

    /// <summary>A folder with the picture under several names.</summary>
    public string Folder(string name, params string[] files)
    {
        foreach (string file in files)
        {
            string path = Root.File($"{name}/{file}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Picture);
        }

        return Root.File(name);
    }

    /// <summary>A zip.</summary>
    public void Zip(string name, params (string Name, byte[] Content)[] entries)
    {
        using ZipArchive zip = ZipFile.Open(Root.File(name), ZipArchiveMode.Create);
        foreach ((string entry, byte[] content) in entries)
        {
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(content);
        }
    }

    /// <summary>A Parquet file of the picture, or of paths.</summary>
    public async Task Parquet(string name, string[] ids, string?[]? paths = null)
    {
        var id = new DataField<string>("id");
        Field second = paths is null ? new DataField<byte[]>("image") : new DataField<string>("path", nullable: true);
        await using FileStream stream = File.Create(Root.File(name));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, second), stream);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await group.WriteAsync(id, ids);
        if (paths is null)
        {
            await group.WriteAsync((DataField<byte[]>)second, ids.Select(_ => Picture).ToArray());
        }
        else
        {
            await group.WriteAsync((DataField<string>)second, paths!);
        }
    }

    /// <summary>Returns photos unchanged, and bad rows for those that cannot be read.</summary>
    public static IEnumerable<BatchResult> Echo(IEnumerable<PhotoRecord> photos)
    {
        foreach (PhotoRecord photo in photos)
        {
            string? error = null;
            byte[]? bytes = null;
            try
            {
                bytes = photo.ReadBytes();
                photo.Decode();
            }
            catch (PhotoException e)
            {
                error = e.Message;
            }

            yield return error is null ? new BatchResult(photo.Id, "ok", null, bytes, null, null)
                : new BatchResult(photo.Id, "bad_photo", error, null, null, null);
        }
    }

}
