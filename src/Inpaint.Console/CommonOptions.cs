using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Inpaint.CommandLine;

/// <summary>Options that several commands share.</summary>
public static class CommonOptions
{
    /// <summary>The description of <c>--graph</c>.</summary>
    public const string GraphDescription = "The graph: a name under onnx/, or the path of a folder with model.onnx and model.json. "
        + "Default: the built-in graph.";

    /// <summary>The placeholder of <c>--graph</c>.</summary>
    public const string GraphPlaceholder = "NAME_OR_PATH";

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on stdout." };

    /// <summary><c>--graph</c>; null is the built-in graph.</summary>
    public static Option<string?> Graph { get; } = new("--graph", "-g")
    {
        Description = GraphDescription,
        HelpName = GraphPlaceholder,
    };

    /// <summary>Options of commands that complete photos: device, batch, workers and on-error, with the default <c>row</c>.</summary>
    public static SettingOptions<InpaintingOptions> Scoring { get; } =
        new(new InpaintingOptions { OnError = OnError.Row }, "device", "batch", "workers", "on_error");

    /// <summary>The device option, for commands that run a graph once.</summary>
    public static SettingOptions<ExecutionOptions> Device { get; } = new(ExecutionOptions.Default, "device");

    /// <summary>The option's value if the command line has it; null otherwise.</summary>
    public static T? Given<T>(this ParseResult parsed, Option<T> option) where T : class? =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    /// <summary>The same for numbers and choices.</summary>
    public static T? GivenValue<T>(this ParseResult parsed, Option<T> option) where T : struct =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    /// <summary>Refuses a blank value, such as an unset shell variable.</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result => RefuseEmpty(result, option.Name, option.HelpName ?? "a value"));
        return option;
    }

    /// <summary>The same for an argument.</summary>
    public static Argument<T> NotEmpty<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => RefuseEmpty(result, argument.Name, "a name or a path"));
        return argument;
    }

    private static void RefuseEmpty(SymbolResult result, string name, string expected)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{name} is empty; expected {expected}. Is a variable not set?");
        }
    }

    /// <summary>An option that takes an integer within a range.</summary>
    public static Option<int> Integer(string name, string description, int fallback, int least, int most)
    {
        int Parse(ArgumentResult result)
        {
            string word = result.Tokens is [var token] ? token.Value : "";
            if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < least
                || value > most)
            {
                result.AddError($"{name} is '{word}'; expected an integer from {least} to {most}.");
            }

            return value;
        }

        return new Option<int>(
            name) { Description = description, HelpName = "N", DefaultValueFactory = _ => fallback, CustomParser = Parse };
    }
}
