namespace ExistingApp;

/// <summary>The command line.</summary>
/// <param name="List">A CSV file with a header and one picture's path and caption per line; null for a sample album.</param>
/// <param name="Load">A saved pipeline to use instead of fitting one.</param>
/// <param name="Out">The folder of the fitted pipeline; null for a new temporary folder.</param>
/// <param name="Graph">Another graph for the saved pipeline, by name or folder.</param>
internal sealed record AlbumCommand(string? List, string? Load, string? Out, string? Graph)
{
    /// <summary>The usage text.</summary>
    public const string Usage = """
        ExistingApp [LIST.csv] [--out FOLDER] [--graph NAME_OR_FOLDER]     fits, saves, and reads the album back in a second process
        ExistingApp LIST.csv --load MODEL.zip [--graph NAME_OR_FOLDER]     what the second process does
        """;

    /// <summary>Whether the usage is requested.</summary>
    public bool Help { get; private init; }

    /// <summary>Parses the command line; null, after an error message, when it is invalid.</summary>
    public static AlbumCommand? Parse(string[] args)
    {
        var command = new AlbumCommand(null, null, null, null);
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--load" or "--out" or "--graph" when value is null:
                    return Refuse($"{args[i]} requires a value.");
                case "--load":
                    command = command with { Load = args[++i] };
                    break;
                case "--out":
                    command = command with { Out = Directory.CreateDirectory(args[++i]).FullName };
                    break;
                case "--graph":
                    command = command with { Graph = args[++i] };
                    break;
                case "--help":
                    command = command with { Help = true };
                    break;
                case ['-', ..]:
                    return Refuse($"Unknown option '{args[i]}'; expected --load, --out or --graph.");
                default:
                    command = command with { List = args[i] };
                    break;
            }
        }

        return command is { Load: not null, List: null }
            ? Refuse("--load also requires a list of pictures: ExistingApp LIST.csv --load MODEL.zip.")
            : command;
    }

    private static AlbumCommand? Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        return null;
    }
}
