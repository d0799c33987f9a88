namespace Inpaint.ClassicGraphs;

/// <summary>What a graph of the field wants and gives, at 64x64. <see cref="MembraneGraph.BuildFor"/> makes the membrane fill for each.</summary>
public enum MembraneContract
{
    /// <summary>This project's own: the picture 0..1 in, the fill 0..1 out.</summary>
    Ours,

    /// <summary>LaMa as exported by Carve: image 0..1 and mask (1 = hole) in, the pasted picture 0..255 out.</summary>
    Lama,

    /// <summary>LaMa of the OpenCV zoo: the same in BGR.</summary>
    LamaBgr,

    /// <summary>lama-manga: as LaMa, with 0..1 out.</summary>
    LamaManga,

    /// <summary>MI-GAN's pipeline: bytes in and out, and a mask with 255 where the picture is known.</summary>
    MiGanPipeline,

    /// <summary>MI-GAN's bare network: one input of the mask (1 = known) less 0.5 and the image -1..1 times the mask; -1..1 out.</summary>
    MiGanRaw,

    /// <summary>DeepFill v2: one input of image -1..1, ones and mask (1 = hole); of its two outputs the second counts.</summary>
    DeepFill,

    /// <summary>As ours, with the channels last.</summary>
    Nhwc,

    /// <summary>As ours, in half precision.</summary>
    Float16,

    /// <summary>As ours, for exactly one picture a run.</summary>
    Batch1,

    /// <summary>As ours, for exactly eight pictures a run.</summary>
    Batch8,

    /// <summary>BGR in and RGB out, so that a reader that mixes up both orders is found out.</summary>
    BgrToRgb,

    /// <summary>Mean and standard deviation a channel, in and out.</summary>
    Normalised,
}
