using System.CommandLine;
using System.Globalization;

namespace Inpaint.Training.Commands;

/// <summary>Options shared by the commands.</summary>
internal static class TrainingOptions
{
    public static Option<string?> Text(string name, string description, string value) =>
        new Option<string?>(name) { Description = description, HelpName = value }.NotEmpty();

    public static Option<string> Required(string name, string description, string value) =>
        new Option<string>(name) { Description = description, HelpName = value, Required = true }.NotEmpty();

    public static Option<string[]> Many(string name, string description, string value, bool required = false) =>
        new(name) { Description = description, HelpName = value, Required = required };

    public static Option<string?> Valid() => Text("--valid", "Validation photos. Default: a twentieth of the training photos.", "DATASET");

    public static Option<string> Device() => new Option<string>("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "cpu",
    }.NotEmpty();

    /// <summary><c>--limit</c>; null for all photos.</summary>
    public static Option<int?> Limit() => new("--limit")
    {
        Description = "Most photos of each dataset.",
        HelpName = "N",
        CustomParser = result =>
        {
            string word = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= 1)
            {
                return value;
            }

            result.AddError($"--limit is '{word}'; expected an integer from 1 to {int.MaxValue}.");
            return null;
        },
    };

    public static Option<string?> Cache() => new Option<string?>("--cache")
    {
        Description = "Folder that keeps scaled photos for the next training; 'none' for no cache.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => PhotoCache.DefaultFolder,
    }.NotEmpty();

    /// <summary>The cache of the command line; null for none.</summary>
    public static PhotoCache? CacheOf(this ParseResult arguments, Option<string?> cache) =>
        arguments.GetValue(cache) is { } folder and not "none" ? new PhotoCache(folder) : null;
}
