using Inpaint.Files;

namespace Inpaint.Jobs;

/// <summary>In which order processes at one job take its shards, so that they share the work and none is left.</summary>
internal static class ShardOrder
{
    /// <summary>
    /// The shards that are not complete when they are given out: first those that nobody has begun, from the asker's own place on; then those that
    /// were begun and left; at last those that others began meanwhile, as they may have been killed.
    /// </summary>
    /// <param name="count">How many there are; may become fewer while they are given out.</param>
    /// <param name="first">Where the asker begins; see <see cref="Place"/>.</param>
    /// <param name="isDone">Whether a shard is complete.</param>
    /// <param name="begun">A number that grows with each attempt at a shard; 0 before the first.</param>
    public static IEnumerable<int> ToDo(Func<int> count, int first, Func<int, bool> isDone, Func<int, long> begun)
    {
        var seen = new Dictionary<int, long>();
        for (int pass = 0; pass < 3; pass++)
        {
            for (int i = 0; i < count(); i++)
            {
                int shard = (int)(((long)first + i) % count());
                if (isDone(shard))
                {
                    continue;
                }

                long attempts = begun(shard);
                if (pass == 0)
                {
                    seen[shard] = attempts;
                }

                if (pass switch { 0 => attempts == 0, 1 => attempts == seen.GetValueOrDefault(shard), _ => true })
                {
                    yield return shard;
                }
            }
        }
    }

    /// <summary>A place of somebody's own among so many; 0 among none.</summary>
    public static int Place(string who, int count) => count > 0 ? (int)(TextFingerprint.Of(who) % (uint)count) : 0;
}
