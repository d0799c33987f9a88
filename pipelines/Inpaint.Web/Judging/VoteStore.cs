using System.Diagnostics;
using Inpaint.Evaluation.Judging;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Judging;

internal sealed record VoteTable(int Votes, IReadOnlyList<Preference> Graphs);

/// <summary>The votes of a file and their table, which is computed when the file has changed.</summary>
internal sealed class VoteStore(ServiceOptions options)
{
    // The table of many votes takes a while, and may be as old as this.
    private const int Resamples = 200, ManyVotes = 2000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Vote> _votes = [];
    private string _seen = FileStamp.Missing;
    private VoteTable _table = new(0, []);
    private long _computed;

    /// <summary>The number of votes.</summary>
    /// <exception cref="ServiceException">The file cannot be read.</exception>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return Read().Count;
            }
        }
    }

    /// <summary>Checks that votes can be saved.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="DatasetException">The file contains something else.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"--votes '{path}' is a folder; expected a file.");
        }

        if (File.Exists(path))
        {
            File.OpenWrite(path).Dispose();
            _ = VoteFile.Read(path);
        }
        else if (Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            // Not kept, since an empty file would look like a comparison without votes.
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
    }

    /// <summary>Saves a vote.</summary>
    /// <returns>The number of votes.</returns>
    /// <exception cref="ServiceException">The file cannot be read or written.</exception>
    public int Add(Vote vote)
    {
        lock (_lock)
        {
            bool isCurrent = FileStamp.Of(options.Votes) == _seen;
            try
            {
                VoteFile.Add(options.Votes, vote);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ServiceException(
                    ErrorKind.VoteNotSaved, "The vote could not be saved. Try again; the log of the service contains the reason.", e);
            }

            if (isCurrent)
            {
                _votes.Add(vote);
                _seen = FileStamp.Of(options.Votes);
            }

            return Read().Count;
        }
    }

    /// <summary>The preferences of all votes.</summary>
    /// <exception cref="ServiceException">The file cannot be read.</exception>
    public VoteTable Table()
    {
        lock (_lock)
        {
            List<Vote> votes = Read();
            if (votes.Count != _table.Votes && (votes.Count < ManyVotes || Stopwatch.GetElapsedTime(_computed) > MaxAge))
            {
                _table = new VoteTable(votes.Count, votes.Count > 0 ? BradleyTerry.Fit(votes, Resamples) : []);
                _computed = Stopwatch.GetTimestamp();
            }

            return _table;
        }
    }

    private List<Vote> Read()
    {
        if (FileStamp.Of(options.Votes) is var stamp && stamp != _seen)
        {
            try
            {
                IReadOnlyList<Vote> read = stamp == FileStamp.Missing ? [] : VoteFile.Read(options.Votes);
                _votes.Clear();
                _votes.AddRange(read);
                (_seen, _table, _computed) = (stamp, new VoteTable(0, []), 0);
            }
            catch (Exception e) when (e is DatasetException or IOException or UnauthorizedAccessException)
            {
                throw new ServiceException(
                    ErrorKind.VotesUnreadable, "The file of votes cannot be read; the log of the service contains the reason.", e);
            }
        }

        return _votes;
    }
}
