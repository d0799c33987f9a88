using System.IO.Enumeration;

namespace Inpaint.Datasets;

/// <summary>
/// The pictures below a folder, as relative paths with <c>/</c> in ordinal order. Memory is bounded: names are sorted in blocks, so a
/// directory with more names than a block is listed once per block. Linked directories are followed once each, and never upwards.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="blockSize">The number of names per block and directory level. Default 65,536 (about 5 MB).</param>
internal sealed class FolderWalk(string root, int blockSize = 65_536)
{
    private const int MaxLinks = 64;

    private static readonly Comparer<string> LargestFirst = Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a));

    private static readonly EnumerationOptions Everything =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    public IEnumerable<string> Ids()
    {
        var followed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Level>();
        string top = RealPath(root);
        open.Push(new Level(top, "", SortedNames(top).GetEnumerator()));
        while (open.TryPeek(out Level level))
        {
            if (!level.Names.MoveNext())
            {
                open.Pop();
                continue;
            }

            string name = level.Names.Current;
            if (!name.EndsWith('/'))
            {
                yield return level.Prefix + name;
            }
            else if (Enter(level.Folder, name[..^1], followed) is { } folder)
            {
                open.Push(new Level(folder, level.Prefix + name, SortedNames(folder).GetEnumerator()));
            }
        }
    }

    /// <summary>Directories are sorted with their trailing <c>/</c>, which makes the ids of the whole tree ordinal.</summary>
    private IEnumerable<string> SortedNames(string folder)
    {
        string? last = null;
        bool more = true;
        while (more)
        {
            string[] block = NextBlock(folder, last, out more);
            foreach (string name in block)
            {
                yield return name;
            }

            last = block.Length > 0 ? block[^1] : last;
        }
    }

    private string[] NextBlock(string folder, string? after, out bool more)
    {
        var smallest = new PriorityQueue<string, string>(LargestFirst);
        more = false;
        try
        {
            foreach (string name in Names(folder))
            {
                if (after is not null && string.CompareOrdinal(name, after) <= 0)
                {
                    continue;
                }

                if (smallest.Count < blockSize)
                {
                    smallest.Enqueue(name, name);
                    continue;
                }

                more = true;
                smallest.EnqueueDequeue(name, name);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                $"The folder '{folder}' cannot be listed: {e.Message} Give it read permission, or move it out of '{root}'.", e);
        }

        string[] names = [.. smallest.UnorderedItems.Select(item => item.Element)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private static FileSystemEnumerable<string> Names(string folder) =>
        new(folder, (ref FileSystemEntry entry) =>
            entry.IsDirectory ? string.Concat(entry.FileName, "/") : entry.FileName.ToString(), Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                entry.FileName[0] != '.' && (entry.IsDirectory || PictureFiles.IsName(entry.FileName)),
        };

    private static string? Enter(string parent, string name, HashSet<string> followed)
    {
        string folder = Path.Combine(parent, name);
        if (new DirectoryInfo(folder).LinkTarget is null)
        {
            return folder;
        }

        string target = RealPath(folder);
        bool upwards = parent == target
            || parent.StartsWith(Path.TrimEndingDirectorySeparator(target) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return !upwards && followed.Add(target) ? target : null;
    }

    private static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int links = 0; links < MaxLinks && ReplaceFirstLink(full) is { } replaced; links++)
        {
            full = replaced;
        }

        return full;
    }

    private static string? ReplaceFirstLink(string full)
    {
        for (int at = Path.GetPathRoot(full)!.Length; at < full.Length;)
        {
            int end = full.IndexOf(Path.DirectorySeparatorChar, at);
            end = end < 0 ? full.Length : end;
            if (new FileInfo(full[..end]).LinkTarget is { } target)
            {
                string parent = Path.GetDirectoryName(full[..end])!;
                return Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(parent, target) + full[end..]));
            }

            at = end + 1;
        }

        return null;
    }

    private readonly record struct Level(string Folder, string Prefix, IEnumerator<string> Names);
}
