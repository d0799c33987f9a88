using System.CommandLine;
using System.CommandLine.Invocation;
using Inpaint.Datasets;
using Inpaint.Graphs;
using Inpaint.Json;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.CommandLine;

/// <summary>What a command is given when it runs.</summary>
/// <param name="Arguments">The parsed command line.</param>
/// <param name="Terminal">Where data and people's text go.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C and SIGTERM.</param>
public sealed record CommandCall(ParseResult Arguments, Terminal Terminal, CancellationToken Cancellation);

/// <summary>Runs the program's commands: one place for exit codes, errors and interruption.</summary>
public static class CommandRunner
{
    /// <summary>Parses and runs; returns the exit code.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="args">The words behind the program's name.</param>
    /// <param name="program">How the program is called.</param>
    public static int Run(RootCommand root, string[] args, string program = "inpaint")
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return RefuseUsage(root, parsed, args, program);
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Gives a command its work. Errors of the kinds that tell a person what to do become a line on stderr and an exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Its work; gives the exit code.</param>
    /// <param name="onTerm">The exit code when SIGTERM ended it.</param>
    public static void Runs(this Command command, Func<CommandCall, int> work, int onTerm = ExitCode.Interrupted) => command.SetAction(parsed =>
    {
        using var interruption = new Interruption();
        var terminal = new Terminal(parsed.GetValue(CommonOptions.Json));
        try
        {
            return work(new CommandCall(parsed, terminal, interruption.Token));
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            terminal.Warn("Interrupted.");
            return interruption.IsTerm ? onTerm : ExitCode.Interrupted;
        }
        catch (UsageException e)
        {
            terminal.Fail(e.Message);
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is InpaintException or IOException or UnauthorizedAccessException)
        {
            terminal.Fail(e.Message);
            return ExitCode.Failed;
        }
        catch (Exception e)
        {
            terminal.Fail($"This should not happen; please report it with what follows.\n{e}");
            return ExitCode.Failed;
        }
    });

    /// <summary>Says on stderr what is wrong with a command line; stdout is for data.</summary>
    private static int RefuseUsage(RootCommand root, ParseResult parsed, string[] args, string program)
    {
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }

        Command command = parsed.CommandResult.Command;
        IEnumerable<string> problems = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Take(1).Select(token => DescribeUnknown(token, command))
            : parsed.Errors.Select(e => e.Message).Distinct();
        foreach (string problem in problems)
        {
            Console.Error.WriteLine($"error: {problem}");
        }

        Console.Error.WriteLine($"Run '{PathOf(command, program)} --help' for what it takes.");
        return ExitCode.Usage;
    }

    /// <summary>What to say of a word that a command does not know.</summary>
    public static string DescribeUnknown(string token, Command command)
    {
        bool option = token.StartsWith('-');
        IEnumerable<string> known = option ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
        string kind = option ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return StrictJson.Nearest(token, known) is { } nearest
            ? $"Unknown {kind} '{token}'; did you mean '{nearest}'?"
            : $"Unknown {kind} '{token}'.";
    }

    private static string PathOf(Command command, string program) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent, program)} {command.Name}" : program;
}
