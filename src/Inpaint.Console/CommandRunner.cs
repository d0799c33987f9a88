using System.CommandLine;
using System.CommandLine.Invocation;

namespace Inpaint.CommandLine;

/// <summary>The arguments of a command's action.</summary>
/// <param name="Arguments">The parsed command line.</param>
/// <param name="Terminal">The output.</param>
/// <param name="Cancellation">Cancelled on Ctrl-C and SIGTERM.</param>
public sealed record CommandCall(ParseResult Arguments, Terminal Terminal, CancellationToken Cancellation);

/// <summary>Runs the program's commands; handles exit codes, errors and interruption.</summary>
public static class CommandRunner
{
    /// <summary>Parses and runs a command line; returns the exit code.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="program">The program's name.</param>
    public static int Run(RootCommand root, string[] args, string program = "inpaint")
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return RefuseUsage(root, parsed, args, program);
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Sets a command's action. Expected errors become a line on stderr and an exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">The action; returns the exit code.</param>
    /// <param name="onTerm">The exit code after SIGTERM.</param>
    public static void Runs(this Command command, Func<CommandCall, int> work, int onTerm = ExitCode.Interrupted) =>
        command.SetAction(parsed =>
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
            terminal.Fail($"Unexpected error; please report it with the details below.\n{e}");
            return ExitCode.Failed;
        }
    });

    /// <summary>Reports a usage error on stderr.</summary>
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

        Console.Error.WriteLine($"Run '{PathOf(command, program)} --help' for usage.");
        return ExitCode.Usage;
    }

    /// <summary>The error for an unknown token.</summary>
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
