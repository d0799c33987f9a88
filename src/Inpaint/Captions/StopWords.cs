using System.Collections.Frozen;

namespace Inpaint.Captions;

/// <summary>
/// English words that do not describe what a photo shows: pronouns, articles, auxiliaries, conjunctions.
/// Spatial words, which a photo can show ("above", "under", "between", "behind", "left"), are not stop words.
/// </summary>
internal static class StopWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = string.Join(' ',
        "a an the this that these those",
        "i me my myself we us our ours ourselves you your yours yourself yourselves",
        "he him his himself she her hers herself it its itself they them their theirs themselves",
        "who whom whose which what where when why how",
        "am is are was were be been being have has had having do does did doing done",
        "can could may might must shall should will would cannot",
        "isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't",
        "can't couldn't mustn't shan't shouldn't won't wouldn't needn't",
        "and but or nor if because as until while than so though although whether",
        "of at by for with about against into onto upon through during before after to from in out on off",
        "again further then once here there also just only too very now yet ever",
        "all any both each few more most other some such no not own same",
        "s t")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether <paramref name="word"/> is a stop word, ignoring case.</summary>
    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);
}
