using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;

namespace Inpaint.CommandLine;

/// <summary>The options that several commands take.</summary>
public static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on stdout." };

    /// <summary><c>--graph</c>, one graph; null is the graph that Inpaint.ML carries.</summary>
    public static Option<string?> Graph { get; } = new("--graph", "-g")
    {
        Description = "The graph: a name under onnx/, or the path of a folder with model.onnx and model.json. Left out: the one built in.",
        HelpName = "NAME_OR_PATH",
    };

    /// <summary><c>--device</c>.</summary>
    public static Option<string> Device { get; } = MakeDevice();

    /// <summary><c>--batch</c>.</summary>
    public static Option<int> Batch { get; } =
        Whole("--batch", "Photos scored in one run; 0 is 8 on a CPU and 64 on a GPU.", InpaintingOptions.Default.BatchSize, 0, 4096);

    /// <summary><c>--workers</c>.</summary>
    public static Option<int> Workers { get; } =
        Whole("--workers", "Batches under way at once; 0 is one a core.", InpaintingOptions.Default.Workers, 0, 1024);

    /// <summary><c>--on-error</c>; <c>row</c> unless said otherwise.</summary>
    public static Option<OnError> OnError { get; } =
        Choice("--on-error", "A photo that cannot be completed: note it and go on, or stop there.", Inpaint.Onnx.Inpainting.OnError.Row, ("row", Inpaint.Onnx.Inpainting.OnError.Row), ("fail", Inpaint.Onnx.Inpainting.OnError.Fail));

    /// <summary>Adds device, batch, workers and on-error to a command.</summary>
    public static void AddScoringTo(Command command)
    {
        command.Add(Device);
        command.Add(Batch);
        command.Add(Workers);
        command.Add(OnError);
    }

    /// <summary>The settings with what the command line says put over them; what it does not say stays as it is.</summary>
    public static InpaintingOptions Apply(ParseResult parsed, InpaintingOptions settings) => settings with
    {
        Device = parsed.Given(Device) ?? settings.Device,
        BatchSize = parsed.GivenValue(Batch) ?? settings.BatchSize,
        Workers = parsed.GivenValue(Workers) ?? settings.Workers,
        OnError = parsed.GivenValue(OnError) ?? settings.OnError,
    };

    /// <summary>The option's value when the command line has it; null when it would be the default.</summary>
    public static T? Given<T>(this ParseResult parsed, Option<T> option) where T : class? =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    /// <summary>The same for numbers and choices.</summary>
    public static T? GivenValue<T>(this ParseResult parsed, Option<T> option) where T : struct =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    /// <summary>Refuses a value without a letter in it, such as a variable of a script that is not set.</summary>
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

    /// <summary>An option that takes a whole number within a range.</summary>
    public static Option<int> Whole(string name, string description, int fallback, int least, int most)
    {
        int Parse(ArgumentResult result)
        {
            string word = result.Tokens is [var token] ? token.Value : "";
            if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < least || value > most)
            {
                result.AddError($"{name} is '{word}'; expected a whole number from {least} to {most}.");
            }

            return value;
        }

        return new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => fallback, CustomParser = Parse };
    }

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<T> Choice<T>(string name, string description, T fallback, params (string Word, T Value)[] choices) where T : struct
    {
        string words = string.Join("|", choices.Select(c => c.Word));
        T Parse(ArgumentResult result)
        {
            string word = result.Tokens is [var token] ? token.Value : "";
            foreach ((string known, T value) in choices)
            {
                if (known == word)
                {
                    return value;
                }
            }

            result.AddError($"{name} is '{word}'; expected {words.Replace("|", " or ", StringComparison.Ordinal)}.");
            return fallback;
        }

        string fallbackWord = choices.First(c => c.Value.Equals(fallback)).Word;
        return new Option<T>(name) { Description = $"{description} [default: {fallbackWord}]", HelpName = words, CustomParser = Parse };
    }

    private static Option<string> MakeDevice()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where the graph runs: cpu, cuda:N, or auto (CUDA where it is there, else the CPU).",
            HelpName = "auto|cpu|cuda:N",
            DefaultValueFactory = _ => InpaintingOptions.Default.Device,
        };
        option.Validators.Add(result =>
        {
            try
            {
                _ = GraphDevice.Resolve(result.GetValueOrDefault<string>() ?? "", fallback: true, providers: ["CUDAExecutionProvider"]);
            }
            catch (GraphException e)
            {
                result.AddError(e.Message);
            }
        });
        return option;
    }
}
