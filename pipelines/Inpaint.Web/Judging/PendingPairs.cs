using System.Security.Cryptography;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Judging;

/// <summary>Two fills of a photo. The person who judges them is not shown the names.</summary>
internal sealed record JudgedPair(string Photo, string Left, string Right);

/// <summary>The pairs that await a vote. Each can be voted on once; the oldest are forgotten.</summary>
internal sealed class PendingPairs
{
    private const int MaxPairs = 1000;
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, JudgedPair> _pairs = [];

    /// <summary>Adds a pair.</summary>
    /// <returns>The id of the pair.</returns>
    public string Add(JudgedPair pair)
    {
        string id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        lock (_lock)
        {
            _pairs[id] = pair;
            if (_pairs.Count > MaxPairs)
            {
                _pairs.RemoveAt(0);
            }
        }

        return id;
    }

    /// <summary>Casts the vote on a pair, and removes the pair once the vote is saved.</summary>
    /// <param name="id">The id of the pair.</param>
    /// <param name="save">Saves the vote and returns the number of votes; if it throws, the pair can be voted on again.</param>
    /// <exception cref="ServiceException">The pair is unknown, or was already voted on.</exception>
    public int Cast(string id, Func<JudgedPair, int> save)
    {
        lock (_lock)
        {
            JudgedPair pair = _pairs.GetValueOrDefault(id)
                ?? throw new ServiceException(ErrorKind.UnknownPair, "The pair is not known, or was already voted on.");
            int count = save(pair);
            _pairs.Remove(id);
            return count;
        }
    }
}
