using System.CommandLine;
using System.Globalization;

namespace Inpaint.Training;

/// <summary>What several commands of the program share.</summary>
internal static class TrainingOptions
{
    /// <summary><c>--limit</c>; null for all photos.</summary>
    public static Option<int?> Limit() => new("--limit")
    {
        Description = "At most so many photos of each dataset.",
        HelpName = "N",
        CustomParser = result =>
        {
            string word = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= 1)
            {
                return value;
            }

            result.AddError($"--limit is '{word}'; expected a whole number from 1 to {int.MaxValue}.");
            return null;
        },
    };

    /// <summary><c>--cache</c>.</summary>
    public static Option<string?> Cache() => new Option<string?>("--cache")
    {
        Description = "Folder in which scaled photos are kept for the next training; 'none' for no such folder.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => PhotoCache.DefaultFolder,
    }.NotEmpty();

    /// <summary>The cache that the command line names; null for none.</summary>
    public static PhotoCache? CacheOf(this ParseResult arguments, Option<string?> cache) =>
        arguments.GetValue(cache) is { } folder and not "none" ? new PhotoCache(folder) : null;
}
