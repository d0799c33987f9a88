using System.Security.Cryptography;

namespace Inpaint.Tests.Holes;

public sealed class RandomMasksTests
{
    public static TheoryData<MaskKind> Kinds => [.. Enum.GetValues<MaskKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void A_mask_hides_something_and_at_most_half(MaskKind kind)
    {
        foreach ((int width, int height) in new[] { (8, 8), (64, 64), (31, 90), (200, 17) })
        {
            for (int i = 0; i < 50; i++)
            {
                Mask mask = RandomMasks.Create(kind, width, height, 1, i);
                int hidden = mask.Pixels.Count((byte)255);
                Assert.Equal((width, height), (mask.Width, mask.Height));
                Assert.InRange(hidden, 1, width * height / 2);
                Assert.Equal(mask.Pixels.Length - hidden, mask.Pixels.Count((byte)0));
            }
        }
    }

    [Theory]
    [InlineData(MaskKind.Strokes, 0.15, 0.35)]
    [InlineData(MaskKind.Boxes, 0.05, 0.2)]
    [InlineData(MaskKind.Blobs, 0.08, 0.25)]
    public void The_mean_hidden_share_does_not_depend_on_the_size(MaskKind kind, double low, double high)
    {
        double small = MeanShare(64), large = MeanShare(256);
        Assert.InRange(small, low, high);
        Assert.InRange(large, small - 0.03, small + 0.03);

        double MeanShare(int side) => Enumerable.Range(0, 200)
            .Average(i => (double)RandomMasks.Create(kind, side, side, 3, i).Pixels.Count((byte)255) / (side * side));
    }

    [Fact]
    public void The_centre_is_that_of_the_default_hole()
    {
        Mask mask = RandomMasks.Create(MaskKind.Centre, 64, 48, 5, 9);
        Assert.Equal(Hole.Default(64, 48).Bounds, mask.Bounds);
        Assert.Equal(24 * 24, mask.Pixels.Count((byte)255));
    }

    [Fact]
    public void Boxes_consist_of_runs_within_their_documented_sides()
    {
        for (int i = 0; i < 100; i++)
        {
            Mask mask = RandomMasks.Create(MaskKind.Boxes, 100, 100, 1, i);
            Assert.All(Enumerable.Range(0, 100), y =>
            {
                int first = mask.Row(y).IndexOf((byte)255);
                int run = first < 0 ? 0 : mask.Row(y)[first..].IndexOf((byte)0);
                Assert.True(first < 0 || run is < 0 or >= 6);
            });
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_mask_follows_from_kind_seed_and_index_alone(MaskKind kind)
    {
        byte[] Pixels(ulong seed, long index) => RandomMasks.Create(kind, 64, 64, seed, index).Array;

        Assert.Equal(Pixels(1, 2), Pixels(1, 2));
        if (kind != MaskKind.Centre)
        {
            Assert.NotEqual(Pixels(1, 2), Pixels(1, 3));
            Assert.NotEqual(Pixels(1, 2), Pixels(2, 2));
        }
    }

    [Fact]
    public void The_mask_of_a_photo_follows_from_its_id()
    {
        // SHA-256("abc") starts with ba7816bf8f01cfea.
        const long index = unchecked((long)0xEACF018FBF1678BA);
        Assert.Equal(
            RandomMasks.Create(MaskKind.Blobs, 64, 48, 1, index).Array, RandomMasks.Create(MaskKind.Blobs, 64, 48, 1, "abc").Array);
        Assert.NotEqual(RandomMasks.Create(MaskKind.Blobs, 64, 48, 1, "abd").Array,
            RandomMasks.Create(MaskKind.Blobs, 64, 48, 1, "abc").Array);
    }

    [Fact]
    public void The_masks_of_a_seed_do_not_change()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (MaskKind kind in Enum.GetValues<MaskKind>())
        {
            for (int i = 0; i < 20; i++)
            {
                hash.AppendData(RandomMasks.Create(kind, 96, 64, 7, i).Array);
            }
        }

        Assert.Equal("c8d7493f731c6d95", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    [Fact]
    public void A_side_that_is_too_small_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomMasks.Create(MaskKind.Strokes, 7, 64, 1, 1));
}
