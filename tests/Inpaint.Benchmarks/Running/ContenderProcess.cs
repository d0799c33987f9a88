using System.Diagnostics;
using System.Text.Json;

namespace Inpaint.Benchmarks;

/// <summary>The other end of a <see cref="ContenderHost"/>: a process that makes passes when asked.</summary>
internal sealed class ContenderProcess : IDisposable
{
    private readonly Process _process;

    public ContenderProcess(string contender, string graphFolder, string list)
    {
        Contender = contender;
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The program's own path is not known.");
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
            // As the program has it in its runtime configuration.
            start.Environment["DOTNET_gcConcurrent"] = "0";
            start.Environment["DOTNET_GCConserveMemory"] = "5";
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    public string Contender { get; }

    public Pass Run(int rows)
    {
        _process.StandardInput.WriteLine(rows.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The contender '{Contender}' ended in the middle of a pass; what it wrote to the error output says why.");
        return JsonSerializer.Deserialize<Pass>(answer)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
