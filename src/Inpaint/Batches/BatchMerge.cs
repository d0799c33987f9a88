using System.Security.Cryptography;

namespace Inpaint;

/// <summary>What was merged.</summary>
/// <param name="Rows">Photos.</param>
/// <param name="Bad">Those that could not be completed.</param>
/// <param name="Sha256">SHA-256 of the merged file; null for pictures.</param>
public sealed record BatchMergeSummary(long Rows, long Bad, string? Sha256);

/// <summary>Puts the parts of a complete job together, and proves that each id of the plan stands there once and no other.</summary>
public static class BatchMerge
{
    /// <summary>One Parquet file with a row a photo: <c>id</c>, <c>status</c>, <c>error</c>, <c>image</c> (PNG), <c>hole_mse</c>, <c>hole_psnr</c>. Its bytes follow from the job alone.</summary>
    /// <param name="folder">The job.</param>
    /// <param name="file">The file, written whole or not at all; one that is there is replaced.</param>
    /// <param name="progress">Told how many photos are merged; null for nobody.</param>
    /// <param name="stop">Ends it; nothing is written then.</param>
    /// <exception cref="DatasetException">A shard is missing, or a part does not hold what the plan says.</exception>
    public static BatchMergeSummary ToParquet(BatchFolder folder, string file, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string path = Path.GetFullPath(file), temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        (long rows, long bad) = (0, 0);
        try
        {
            string hash;
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                BatchPartFile.Write(stream, Proven(folder, stop).Select(result =>
                {
                    rows++;
                    bad += result.Status == BatchResult.Ok ? 0 : 1;
                    progress?.Report(rows);
                    return result;
                }));
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
    /// <param name="pictures">The folder for the pictures.</param>
    /// <param name="progress">Told how many photos are written; null for nobody.</param>
    /// <param name="stop">Ends it; what is written stays.</param>
    /// <exception cref="DatasetException">A shard is missing, a part does not hold what the plan says, or an id leads out of the folder.</exception>
    public static BatchMergeSummary ToPictures(BatchFolder folder, string pictures, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string root = Path.GetFullPath(pictures);
        (long rows, long bad) = (0, 0);
        foreach (BatchResult result in Proven(folder, stop))
        {
            rows++;
            progress?.Report(rows);
            if (result.Image is not { } image)
            {
                bad++;
                continue;
            }

            string path = Path.GetFullPath(Path.Combine(root, result.Id + ".png"));
            if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new DatasetException($"The id '{result.Id}' leads out of '{pictures}'; expected a relative path without '..'. Merge into a Parquet file instead.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string partial = $"{path}.{Guid.NewGuid():N}.tmp";
            File.WriteAllBytes(partial, image);
            File.Move(partial, path, overwrite: true);
        }

        return new BatchMergeSummary(rows, bad, null);
    }

    /// <summary>All results in the plan's order, each checked against it.</summary>
    private static IEnumerable<BatchResult> Proven(BatchFolder folder, CancellationToken stop)
    {
        IReadOnlyList<int> missing = folder.Missing();
        if (missing.Count > 0)
        {
            throw new DatasetException($"{missing.Count:N0} of {folder.Job.Shards:N0} shards are not complete, the first is {missing[0]}. Run them: 'inpaint batch run {folder.FullPath}'.");
        }

        LinkedFile.DeleteLeftovers(folder.OutFolder);
        folder.Verify();
        for (int shard = 0; shard < folder.Job.Shards; shard++)
        {
            using IEnumerator<BatchResult> results = BatchPartFile.Read(folder.PartFile(shard)).GetEnumerator();
            foreach (ShardRow row in ShardRow.ReadAll(folder.ShardFile(shard)))
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
