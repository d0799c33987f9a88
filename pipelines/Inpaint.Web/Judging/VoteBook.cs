using System.Diagnostics;
using Inpaint.Datasets;
using Inpaint.Evaluation.Judging;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Judging;

/// <summary>The votes in their file, with what they come to: counted when the file changed, not for each who asks.</summary>
internal sealed class VoteBook(ServiceOptions options)
{
    private const int Resamples = 200, FewVotes = 2000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly List<Vote> _votes = [];
    private (DateTime Written, long Length) _seen;
    private VoteTable _table = new(0, []);
    private long _fitted;

    /// <summary>Looks whether votes can be kept, before anybody votes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="DatasetException">What is in it is no file of votes.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"--votes '{path}' is a folder; expected a file.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (File.Exists(path))
        {
            File.OpenWrite(path).Dispose();
            _ = VoteFile.Read(path);
        }
        else if (Directory.Exists(folder))
        {
            // Made and taken away again: an empty file would look like a judgement without votes.
            string trial = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
            new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
    }

    /// <summary>Keeps a vote.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="ServiceException">It could not be written.</exception>
    public int Add(Vote vote)
    {
        lock (_lock)
        {
            bool known = Stamp() == _seen;
            try
            {
                VoteFile.Add(options.Votes, vote);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ServiceException(StatusCodes.Status500InternalServerError, "vote_not_saved", "The vote could not be saved. Try again; the service's log says why.", e);
            }

            if (known)
            {
                _votes.Add(vote);
                _seen = Stamp();
            }

            return Votes().Count;
        }
    }

    /// <summary>How many votes there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return Votes().Count;
            }
        }
    }

    /// <summary>What all votes say; of very many it may be some seconds old.</summary>
    /// <exception cref="ServiceException">The file cannot be read.</exception>
    public VoteTable Table()
    {
        lock (_lock)
        {
            List<Vote> votes = Votes();
            if (votes.Count != _table.Votes && (votes.Count < FewVotes || Stopwatch.GetElapsedTime(_fitted) > Rest))
            {
                _table = new VoteTable(votes.Count, votes.Count > 0 ? BradleyTerry.Fit(votes, Resamples) : []);
                _fitted = Stopwatch.GetTimestamp();
            }

            return _table;
        }
    }

    private List<Vote> Votes()
    {
        if (Stamp() is var stamp && stamp != _seen)
        {
            try
            {
                IReadOnlyList<Vote> read = stamp == default ? [] : VoteFile.Read(options.Votes);
                _votes.Clear();
                _votes.AddRange(read);
                (_seen, _table, _fitted) = (stamp, new VoteTable(0, []), 0);
            }
            catch (Exception e) when (e is DatasetException or IOException or UnauthorizedAccessException)
            {
                throw new ServiceException(StatusCodes.Status500InternalServerError, "votes", "The file of votes cannot be read; the service's log says where.", e);
            }
        }

        return _votes;
    }

    private (DateTime Written, long Length) Stamp() => new FileInfo(options.Votes) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;
}
