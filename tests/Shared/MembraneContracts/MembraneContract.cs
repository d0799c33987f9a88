namespace Inpaint.TestSupport;

/// <summary>
/// The inputs and outputs of well-known inpainting graphs, at 64x64. <see cref="ContractGraphs"/> builds the membrane fill for each.
/// </summary>
public enum MembraneContract
{
    /// <summary>This project's own: picture 0..1 in, fill 0..1 out.</summary>
    Ours,

    /// <summary>LaMa as exported by Carve: image 0..1 and mask (1 = hole) in, the pasted picture 0..255 out.</summary>
    Lama,

    /// <summary>LaMa of the OpenCV zoo: the same in BGR.</summary>
    LamaBgr,

    /// <summary>lama-manga: as LaMa, with 0..1 out.</summary>
    LamaManga,

    /// <summary>MI-GAN's pipeline: bytes in and out, and a mask with 255 where the picture is known.</summary>
    MiGanPipeline,

    /// <summary>MI-GAN's bare network: one input of the mask (1 = known) minus 0.5 and the image -1..1 times the mask; -1..1 out.</summary>
    MiGanRaw,

    /// <summary>DeepFill v2: one input of image -1..1, ones and mask (1 = hole); the second of its two outputs is the result.</summary>
    DeepFill,

    /// <summary>Like ours, channels last.</summary>
    Nhwc,

    /// <summary>Like ours, in half precision.</summary>
    Float16,

    /// <summary>Like ours, for exactly one picture per run.</summary>
    Batch1,

    /// <summary>Like ours, for exactly eight pictures per run.</summary>
    Batch8,

    /// <summary>BGR in and RGB out, which detects readers that confuse the orders.</summary>
    BgrToRgb,

    /// <summary>Mean and standard deviation per channel, in and out.</summary>
    Normalised,
}
