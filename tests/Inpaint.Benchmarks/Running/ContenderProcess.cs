using System.Diagnostics;
using System.Text.Json;

namespace Inpaint.Benchmarks;

/// <summary>A child process that runs a <see cref="ContenderHost"/>.</summary>
internal sealed class ContenderProcess : IDisposable
{
    private readonly Process _process;

    public ContenderProcess(string contender, string graphFolder, string list)
    {
        Contender = contender;
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ContenderProcess).Assembly.Location);
        }

        foreach (string argument in (string[])[ContenderHost.Command, contender, graphFolder, list])
        {
            start.ArgumentList.Add(argument);
        }

        if (contender.StartsWith("batch-", StringComparison.Ordinal))
        {
            // The settings in the runtime configuration of the CLI.
            start.Environment["DOTNET_gcConcurrent"] = "0";
            start.Environment["DOTNET_GCConserveMemory"] = "5";
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
    }

    public string Contender { get; }

    public Pass Run(int rows)
    {
        _process.StandardInput.WriteLine(rows.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The contender '{Contender}' exited during a pass; see its error output.");
        return JsonSerializer.Deserialize<Pass>(answer)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
