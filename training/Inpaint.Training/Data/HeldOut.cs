using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Training;

/// <summary>Holds out a twentieth of the photos to choose by, by a hash of their names: the same ones in every training.</summary>
internal static class HeldOut
{
    private const int Share = 20;

    /// <summary>Takes them out of the pool.</summary>
    /// <exception cref="FailedException">There are too few photos.</exception>
    public static PhotoPool Take(ref PhotoPool pool)
    {
        var rest = new PhotoPool(pool.Size);
        var held = new PhotoPool(pool.Size);
        for (int i = 0; i < pool.Count; i++)
        {
            bool chosen = SHA256.HashData(Encoding.UTF8.GetBytes(pool.Id(i)))[0] * Share < 256;
            (chosen ? held : rest).Add(pool.Id(i), pool.Pixels(i), pool.Captions(i), pool.Box(i));
        }

        if (held.Count == 0 || rest.Count == 0)
        {
            throw new FailedException($"{pool.Count} photos are too few to hold some out. Give --valid.");
        }

        rest.Sources.AddRange(pool.Sources);
        rest.Bad.AddRange(pool.Bad);
        pool = rest;
        return held;
    }
}
