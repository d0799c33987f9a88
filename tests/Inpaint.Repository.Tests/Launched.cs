using System.Diagnostics;

namespace Inpaint.Repository.Tests;

/// <summary>The result of running a program.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its error stream.</param>
internal sealed record Launched(int ExitCode, string Output, string Errors)
{
    public string All => Output + Errors;

    /// <summary>Runs a program without standard input; it is killed after ten minutes.</summary>
    public static Launched Run(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(10)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} took more than ten minutes.");
        }

        process.WaitForExit();
        return new Launched(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Runs <c>dotnet</c>.</summary>
    public static Launched Dotnet(string folder, params string[] arguments) => Run("dotnet", arguments, folder);
}
