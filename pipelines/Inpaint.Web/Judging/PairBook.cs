using System.Security.Cryptography;
using Inpaint.Evaluation.Judging;
using Inpaint.Photos;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Judging;

/// <summary>Two fills that a person is asked about; the person is not told whose they are.</summary>
internal sealed record JudgedPair(string Id, string Photo, string Left, string Right);

/// <summary>The pairs that are out. Each may be voted on once; the oldest are forgotten.</summary>
internal sealed class PairBook
{
    private const int Most = 1000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JudgedPair> _pairs = [];
    private readonly Queue<string> _order = [];

    /// <summary>Remembers a pair, in an order by chance.</summary>
    public JudgedPair Add(string photo, string one, string other)
    {
        bool swap = RandomNumberGenerator.GetInt32(2) == 1;
        var pair = new JudgedPair(RandomNumberGenerator.GetHexString(16, lowercase: true), photo, swap ? other : one, swap ? one : other);
        lock (_lock)
        {
            _pairs[pair.Id] = pair;
            _order.Enqueue(pair.Id);
            while (_order.Count > Most)
            {
                _pairs.Remove(_order.Dequeue());
            }
        }

        return pair;
    }

    /// <summary>Votes on a pair, once: it is taken out when the vote is kept.</summary>
    /// <param name="id">The pair.</param>
    /// <param name="keep">Keeps the vote; when it throws, the pair can be voted on again.</param>
    /// <exception cref="ServiceException">The pair is not known, or was voted on.</exception>
    public int Vote(string id, Func<JudgedPair, int> keep)
    {
        lock (_lock)
        {
            JudgedPair pair = _pairs.GetValueOrDefault(id) ?? throw new ServiceException(StatusCodes.Status404NotFound, "unknown_pair", "The pair is not known, or was voted on already.");
            int count = keep(pair);
            _pairs.Remove(id);
            return count;
        }
    }
}
