using System.Security.Cryptography;

namespace Inpaint.Jobs;

/// <summary>The result of a merge.</summary>
/// <param name="Rows">Photos.</param>
/// <param name="Bad">How many of them could not be completed.</param>
/// <param name="Sha256">SHA-256 of the merged file; null for pictures.</param>
public sealed record BatchMergeSummary(long Rows, long Bad, string? Sha256);

/// <summary>Merges the parts of a complete job, and proves that they contain each id of the plan exactly once.</summary>
public static class BatchMerge
{
    private const string PictureEnding = ".png";

    /// <summary>One Parquet file with a row for each photo: <c>id</c>, <c>status</c>, <c>error</c>, <c>image</c> (PNG), <c>hole_mse</c>,
    /// <c>hole_psnr</c>. Its bytes depend on photos, graph and settings only.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="file">The file, outside the job's folder; written atomically, replacing an existing one.</param>
    /// <param name="progress">Receives the number of merged photos (optional).</param>
    /// <param name="stop">Cancels the merge; nothing is written.</param>
    /// <exception cref="DatasetException">A shard is missing, or a part does not match the plan.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static BatchMergeSummary ToParquet(BatchFolder folder, string file, IProgress<long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        string path = Path.GetFullPath(file), parent = RequireFile(folder, path);
        RequireComplete(folder);
        AtomicFile.DeleteLeftovers(parent, Path.GetFileName(path));
        BatchMergeSummary summary = null!;
        AtomicFile.Write(path, stream =>
        {
            var columns = new BatchColumns();
            var merged = new PartWriter(stream, columns.All, job: null);
            foreach (BatchResult result in Proven(folder, stop))
            {
                columns.Write(merged, result);
                progress?.Report(merged.Rows);
            }

            merged.Finish();
            stream.Position = 0;
            summary = new BatchMergeSummary(merged.Rows, merged.Bad, Convert.ToHexStringLower(SHA256.HashData(stream)));
        });
        return summary;
    }

    /// <summary>A picture file for each completed photo, named by its id with <c>.png</c> appended.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="pictures">The folder for the pictures, outside the job's folder.</param>
    /// <param name="progress">Receives the number of processed photos (optional).</param>
    /// <param name="stop">Cancels the merge; written pictures are kept.</param>
    /// <exception cref="DatasetException">A shard is missing, a part does not match the plan, or an id cannot be a file name, which is
    /// checked before anything is written.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public static BatchMergeSummary ToPictures(BatchFolder folder, string pictures, IProgress<long>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(pictures);
        string root = Path.GetFullPath(pictures);
        RequireOutside(folder, root);
        if (File.Exists(root))
        {
            throw new IOException($"'{root}' is a file; expected a folder for the pictures, or a new name.");
        }

        RequireComplete(folder);
        RequireNames(folder, stop);
        Directory.CreateDirectory(root);
        AtomicFile.DeleteLeftovers(root, recursive: true);
        (long rows, long bad) = (0, 0);
        foreach (BatchResult result in Proven(folder, stop))
        {
            if (result.Image is { } image)
            {
                AtomicFile.Write(Path.Combine(root, result.Id + PictureEnding), image, durable: false);
            }

            bad += result.Image is null ? 1 : 0;
            rows++;
            progress?.Report(rows);
        }

        return new BatchMergeSummary(rows, bad, null);
    }

    private static string RequireFile(BatchFolder folder, string path)
    {
        RequireOutside(folder, path);
        if (Directory.Exists(path) || Path.GetDirectoryName(path) is not { } parent)
        {
            throw new IOException($"'{path}' is a folder; expected a file's name.");
        }

        return Directory.Exists(parent)
            ? parent
            : throw new IOException($"'{path}' cannot be written: the folder '{parent}' does not exist. Create it, or give another name.");
    }

    private static void RequireOutside(BatchFolder folder, string path)
    {
        if (path == folder.FullPath || path.StartsWith(folder.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new IOException($"'{path}' is in the job's folder, which only planning and running write. Give a location outside "
                + $"'{folder.FullPath}'.");
        }
    }

    private static void RequireComplete(BatchFolder folder)
    {
        IReadOnlyList<int> missing = folder.Missing();
        if (missing.Count > 0)
        {
            throw new DatasetException($"{missing.Count:N0} of {folder.Job.Shards:N0} shards are not complete, the first is "
                + $"{missing[0]}. Run them: 'inpaint batch run {ShellWord.Quote(folder.FullPath)}'.");
        }

        AtomicFile.DeleteLeftovers(folder.OutFolder);
        folder.Verify([]);
    }

    /// <summary>Checks that each id can be a file name, and that no picture would be another one's folder.</summary>
    private static void RequireNames(BatchFolder folder, CancellationToken stop)
    {
        // Only a folder with a picture's extension can collide with a picture, and few ids contain one.
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string id in Ids(folder, stop))
        {
            string[] parts = id.Split(OperatingSystem.IsWindows() ? ['/', '\\'] : ['/']);
            if (id.Contains('\0', StringComparison.Ordinal) || parts.Any(part => part is "" or "." or "..") || Path.IsPathRooted(id))
            {
                throw new DatasetException($"The id '{id.Replace("\0", "\\0", StringComparison.Ordinal)}' cannot be a picture's name; "
                    + $"expected a relative path without empty parts, '.' and '..'. Merge into a Parquet file instead.");
            }

            for (int i = 1; i < parts.Length; i++)
            {
                if (parts[i - 1].EndsWith(PictureEnding, StringComparison.Ordinal))
                {
                    folders.TryAdd(string.Join('/', parts[..i]), id);
                }
            }
        }

        if (folders.Count > 0 && Ids(folder, stop).FirstOrDefault(id => folders.ContainsKey(id + PictureEnding)) is { } clash)
        {
            throw new DatasetException($"The pictures of '{clash}' and '{folders[clash + PictureEnding]}' cannot be in one folder: the "
                + $"file '{clash + PictureEnding}' would be a folder of the other. Merge into a Parquet file instead.");
        }
    }

    private static IEnumerable<string> Ids(BatchFolder folder, CancellationToken stop)
    {
        for (int shard = 0; shard < folder.Job.Shards; shard++)
        {
            stop.ThrowIfCancellationRequested();
            foreach (ShardRow row in folder.ReadShard(shard))
            {
                yield return row.Id;
            }
        }
    }

    /// <summary>All results in the plan's order, each checked against the plan.</summary>
    private static IEnumerable<BatchResult> Proven(BatchFolder folder, CancellationToken stop)
    {
        for (int shard = 0; shard < folder.Job.Shards; shard++)
        {
            using IEnumerator<BatchResult> results = BatchColumns.Read(folder.PartFile(shard), folder.Job.JobSha256).GetEnumerator();
            foreach (ShardRow row in folder.ReadShard(shard))
            {
                stop.ThrowIfCancellationRequested();
                string found = results.MoveNext() ? $"'{results.Current.Id}'" : "its end";
                if (found != $"'{row.Id}'")
                {
                    throw new DatasetException($"'{folder.PartFile(shard)}' has {found} where the plan has '{row.Id}'. Delete it, and "
                        + $"run shard {shard} again.");
                }

                yield return results.Current;
            }

            if (results.MoveNext())
            {
                throw new DatasetException($"'{folder.PartFile(shard)}' has '{results.Current.Id}' after the plan's last row. Delete it, "
                    + $"and run shard {shard} again.");
            }
        }
    }
}
