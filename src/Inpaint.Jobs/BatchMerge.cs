using System.Security.Cryptography;
using Inpaint.Datasets;
using Inpaint.Files;

namespace Inpaint.Jobs;

/// <summary>What was merged.</summary>
/// <param name="Rows">Photos.</param>
/// <param name="Bad">Those that could not be completed.</param>
/// <param name="Sha256">SHA-256 of the merged file; null for pictures.</param>
public sealed record BatchMergeSummary(long Rows, long Bad, string? Sha256);

/// <summary>Puts the parts of a complete job together, and proves that each id of the plan stands there once and no other.</summary>
public static class BatchMerge
{
    private const string PictureEnding = ".png";

    /// <summary>One Parquet file with a row a photo: <c>id</c>, <c>status</c>, <c>error</c>, <c>image</c> (PNG), <c>hole_mse</c>, <c>hole_psnr</c>. Its bytes follow from photos, graph and settings alone.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="file">The file, outside the job's folder; written whole or not at all, and one that is there is replaced.</param>
    /// <param name="progress">Told how many photos are merged; null for nobody.</param>
    /// <param name="stop">Ends it; nothing is written then.</param>
    /// <exception cref="DatasetException">A shard is missing, or a part does not hold what the plan says.</exception>
    /// <exception cref="IOException">There can be no such file.</exception>
    public static BatchMergeSummary ToParquet(BatchFolder folder, string file, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        string path = Path.GetFullPath(file), parent = RequireFile(folder, path);
        RequireComplete(folder);
        // Short, as the name may be as long as names can be; and known by the name, so that the next merge clears what a killed one left.
        string mark = $".{TextFingerprint.Of(Path.GetFileName(path)):x32}-", temporary = Path.Combine(parent, $"{mark}{Random.Shared.Next():x8}.tmp");
        DeleteLeftovers(parent, $"{mark}????????.tmp");
        (long rows, long bad) = (0, 0);
        try
        {
            string hash;
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                BatchPartFile.Write(stream, Proven(folder, stop).Select(result =>
                {
                    rows++;
                    bad += result.Status == BatchResult.Ok ? 0 : 1;
                    progress?.Report(rows);
                    return result;
                }), job: null);
                stream.Flush(flushToDisk: true);
                stream.Position = 0;
                hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            }

            File.Move(temporary, path, overwrite: true);
            return new BatchMergeSummary(rows, bad, hash);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A picture file for each completed photo, called by its id with <c>.png</c>.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="pictures">The folder for the pictures, outside the job's.</param>
    /// <param name="progress">Told how many photos are written; null for nobody.</param>
    /// <param name="stop">Ends it; what is written stays.</param>
    /// <exception cref="DatasetException">A shard is missing, a part does not hold what the plan says, or an id cannot be a file's name; the latter is found before anything is written.</exception>
    /// <exception cref="IOException">There can be no such folder.</exception>
    public static BatchMergeSummary ToPictures(BatchFolder folder, string pictures, IProgress<long>? progress = null, CancellationToken stop = default)
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
        const string mark = ".inpaint-";
        DeleteLeftovers(root, $"{mark}????????.tmp");
        string temporary = Path.Combine(root, $"{mark}{Random.Shared.Next():x8}.tmp");
        (long rows, long bad) = (0, 0);
        try
        {
            foreach (BatchResult result in Proven(folder, stop))
            {
                rows++;
                progress?.Report(rows);
                if (result.Image is not { } image)
                {
                    bad++;
                    continue;
                }

                string path = Path.Combine(root, result.Id + PictureEnding);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(temporary, image);
                File.Move(temporary, path, overwrite: true);
            }
        }
        finally
        {
            File.Delete(temporary);
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
            : throw new IOException($"'{path}' cannot be written: there is no folder '{parent}'. Make it, or give another name.");
    }

    private static void RequireOutside(BatchFolder folder, string path)
    {
        if (path == folder.FullPath || path.StartsWith(folder.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new IOException($"'{path}' lies in the job's folder, which only planning and running write. Give a place outside '{folder.FullPath}'.");
        }
    }

    private static void RequireComplete(BatchFolder folder)
    {
        IReadOnlyList<int> missing = folder.Missing();
        if (missing.Count > 0)
        {
            throw new DatasetException($"{missing.Count:N0} of {folder.Job.Shards:N0} shards are not complete, the first is {missing[0]}. Run them: 'inpaint batch run {ShellWord.Quote(folder.FullPath)}'.");
        }

        AtomicFile.DeleteLeftovers(folder.OutFolder);
        folder.Verify([]);
    }

    /// <summary>Proves that each id is a file's name, and no picture stands where another has its folder.</summary>
    private static void RequireNames(BatchFolder folder, CancellationToken stop)
    {
        // Only a folder that ends as pictures do can be another's picture; ids are few of which that is so.
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string id in Ids(folder, stop))
        {
            string[] parts = id.Split(OperatingSystem.IsWindows() ? ['/', '\\'] : ['/']);
            if (id.Contains('\0', StringComparison.Ordinal) || parts.Any(part => part is "" or "." or "..") || Path.IsPathRooted(id))
            {
                throw new DatasetException($"The id '{id.Replace("\0", "\\0", StringComparison.Ordinal)}' cannot be a picture's name; expected a relative path without empty parts, '.' and '..'. Merge into a Parquet file instead.");
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
            throw new DatasetException($"The pictures of '{clash}' and '{folders[clash + PictureEnding]}' cannot lie in one folder: the file '{clash + PictureEnding}' would be a folder of the other's. Merge into a Parquet file instead.");
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

    // A merge that is at it holds its file.
    private static void DeleteLeftovers(string folder, string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(folder, pattern))
        {
            try
            {
                using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }

                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is in nobody's way.
            }
        }
    }

    /// <summary>All results in the plan's order, each checked against it.</summary>
    private static IEnumerable<BatchResult> Proven(BatchFolder folder, CancellationToken stop)
    {
        for (int shard = 0; shard < folder.Job.Shards; shard++)
        {
            using IEnumerator<BatchResult> results = BatchPartFile.Read(folder.PartFile(shard), folder.Job.JobSha256).GetEnumerator();
            foreach (ShardRow row in folder.ReadShard(shard))
            {
                stop.ThrowIfCancellationRequested();
                string found = results.MoveNext() ? $"'{results.Current.Id}'" : "its end";
                if (found != $"'{row.Id}'")
                {
                    throw new DatasetException($"'{folder.PartFile(shard)}' has {found} where the plan has '{row.Id}'. Delete it, and run shard {shard} again.");
                }

                yield return results.Current;
            }

            if (results.MoveNext())
            {
                throw new DatasetException($"'{folder.PartFile(shard)}' has '{results.Current.Id}' after the plan's last row. Delete it, and run shard {shard} again.");
            }
        }
    }
}
