namespace Inpaint;

/// <summary>How a number in a caption becomes a word.</summary>
public enum NumberRule
{
    /// <summary>As it stands: "12" is the word 12.</summary>
    Keep,

    /// <summary>Every number is the same word, <c>&lt;number&gt;</c>.</summary>
    Replace,

    /// <summary>Numbers are left out.</summary>
    Drop,
}

/// <summary>How text becomes words. The rules travel with the vocabulary, so that training and scoring read a caption alike.</summary>
public sealed record CaptionRules
{
    /// <summary>The defaults: lower case, numbers kept, English stop words left out.</summary>
    public static CaptionRules Default { get; } = new();

    /// <summary>Fold to lower case (invariant). Default yes.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>What becomes of numbers. Default kept.</summary>
    public NumberRule Numbers { get; init; } = NumberRule.Keep;

    /// <summary>Leave out English stop words ("the", "of", ...). Default yes.</summary>
    public bool DropStopWords { get; init; } = true;
}
