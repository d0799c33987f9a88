using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Inpaint.CommandLine;
using Spectre.Console;

namespace Inpaint.Cli.Doctor;

internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Checks that this machine has what the program needs, and measures its speed.")
        {
            CommonOptions.Json,
        };
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        DoctorReport report = Examine(call.Cancellation);
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(report);
        }
        else
        {
            Show(call.Terminal.Data, report);
        }

        return report.Ok ? ExitCode.Done : ExitCode.Failed;
    }

    private static DoctorReport Examine(CancellationToken cancellation)
    {
        var checks = new List<DoctorCheck> { Checks.Skia(), Checks.OnnxRuntime() };
        checks.AddRange(Checks.Graphs());
        (DoctorCheck trial, double? rate) = Checks.Trial(cancellation);
        checks.Add(trial);
        return new DoctorReport
        {
            Ok = checks.TrueForAll(c => c.Ok),
            Version = typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Runtime = RuntimeInformation.FrameworkDescription,
            Sdk = Checks.FindSdk(),
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
            Cores = Environment.ProcessorCount,
            MemoryGib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30), 1),
            Checks = checks,
            GraphFolders = GraphLocator.Folders(),
            PhotosPerSecond = rate,
        };
    }

    private static void Show(IAnsiConsole console, DoctorReport report)
    {
        var facts = new Grid().AddColumn().AddColumn();
        void Fact(string name, string value) => facts.AddRow(new Text(name, Color.Grey), new Text(value));
        Fact("inpaint", report.Version);
        Fact(".NET", report.Sdk is null ? $"{report.Runtime}, no SDK" : $"{report.Runtime}, SDK {report.Sdk}");
        Fact("system", report.System);
        Fact("cores", report.Cores.ToString(CultureInfo.InvariantCulture));
        Fact("memory", string.Create(CultureInfo.InvariantCulture, $"{report.MemoryGib:N1} GiB"));
        Fact("graph folders", report.GraphFolders.Count == 0 ? "none" : string.Join(", ", report.GraphFolders));
        console.Write(facts);
        console.WriteLine();
        foreach (DoctorCheck check in report.Checks)
        {
            console.MarkupLineInterpolated($"{(check.Ok ? "ok    " : "FAILED")}  {check.Name}: {check.Found}");
            if (check.Remedy is not null)
            {
                console.MarkupLineInterpolated($"        [yellow]{check.Remedy}[/]");
            }
        }

        console.WriteLine();
        console.WriteLine(report.Ok ? "Everything works." : $"{report.Checks.Count(c => !c.Ok)} of {report.Checks.Count} do not work.");
    }
}
