using System.Diagnostics;
using System.Text.Json;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Tests;

/// <summary>The result of running the CLI.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output, parsed as one JSON object.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>Runs the built CLI as a separate process.</summary>
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

    /// <summary>Runs the CLI and asserts the exit code; its output is in the failure message.</summary>
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
