using System.Diagnostics;
using System.Text.Json;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Tests;

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>Stdout as one JSON object.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>The built program, started as a process of its own.</summary>
internal static class CliProgram
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "Inpaint.Cli.dll");

    public static CliResult Run(params string[] arguments) => RunIn(null, arguments);

    public static CliResult RunIn(string? folder, params string[] arguments)
    {
        using Process process = StartIn(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(15)))
        {
            process.Kill();
            Assert.Fail($"'inpaint {string.Join(' ', arguments)}' did not end within fifteen minutes.");
        }

        return new CliResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs and asserts the exit code, telling what the program said when it is another.</summary>
    public static CliResult Expect(int exitCode, params string[] arguments)
    {
        CliResult result = Run(arguments);
        Assert.True(result.ExitCode == exitCode, $"Exit code {result.ExitCode}, expected {exitCode}.\n{result.Out}\n{result.Error}");
        return result;
    }

    public static Process StartIn(string? folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        return Process.Start(start)!;
    }
}
