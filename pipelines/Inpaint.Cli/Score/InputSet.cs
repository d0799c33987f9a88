namespace Inpaint.Cli.Score;

/// <summary>The photos of a run, each with a unique path in the output folder; read as a stream.</summary>
internal sealed class InputSet : IDisposable
{
    private readonly List<InputSource> _sources;

    /// <summary>Opens the inputs. Inputs with photos of the same relative path prefix them with their own names.</summary>
    /// <param name="inputs">Files, folders, zips and scenes.</param>
    /// <param name="captionFile">Captions that replace those of the inputs; optional.</param>
    /// <param name="outFolder">Full path of the output folder.</param>
    /// <param name="count">Whether <see cref="Count"/> is needed, even if that means listing all photos.</param>
    public InputSet(IReadOnlyList<string> inputs, string? captionFile, string outFolder, bool count)
    {
        _sources = InputSource.Open(inputs, captionFile, outFolder);
        if (_sources.Count > 1)
        {
            Count = TellApart();
        }
        else if (_sources[0].Count is { } known)
        {
            Count = known;
        }
        else if (count)
        {
            Count = _sources[0].Read().LongCount();
        }
    }

    /// <summary>The number of photos; null if unknown.</summary>
    public long? Count { get; }

    /// <summary>The first input whose photos cannot be drawn without their objects; null if there is none.</summary>
    public string? FirstWithoutObjects => _sources.Find(s => !s.HasObjects)?.Name;

    /// <summary>The photos in order, grouped into runs of files and of others.</summary>
    public IEnumerable<(bool AreFiles, IEnumerable<(string Key, string Input, PhotoRecord Record)> Photos)> Read()
    {
        foreach (InputSource source in _sources)
        {
            yield return (source.IsFiles, source.Read().Select(p => (source.Prefix + p.Record.Id, p.Input, p.Record)));
        }
    }

    public void Dispose() => _sources.ForEach(s => s.Dispose());

    /// <summary>Assigns prefixes to sources that share relative paths; returns the number of photos.</summary>
    private long TellApart()
    {
        var owner = new Dictionary<UInt128, int>();
        var shared = new SortedSet<int>();
        long count = 0;
        for (int i = 0; i < _sources.Count; i++)
        {
            foreach ((PhotoRecord record, _) in _sources[i].Read())
            {
                count++;
                UInt128 id = Fingerprint.Of(record.Id);
                if (!owner.TryAdd(id, i) && owner[id] != i)
                {
                    shared.Add(owner[id]);
                    shared.Add(i);
                }
            }
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (InputSource source in shared.Select(i => _sources[i]))
        {
            string name = source.Name;
            for (int n = 2; !taken.Add(name); n++)
            {
                name = $"{source.Name}-{n}";
            }

            source.Prefix = name + "/";
        }

        return count;
    }
}
