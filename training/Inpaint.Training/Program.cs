using System.CommandLine;
using Inpaint.Training.Commands;

IReadOnlyList<string> notes = NativeSettings.Apply();
foreach (string note in notes)
{
    Console.Error.WriteLine(note);
}

var root = new RootCommand("Trains networks that complete photographs and exports them as graphs.")
{
    TrainCommand.Create(),
    ExportCommand.Create(),
    SearchCommand.Create(),
    ListCommand.Create(),
};
return CommandRunner.Run(root, args, CommandText.Program);
