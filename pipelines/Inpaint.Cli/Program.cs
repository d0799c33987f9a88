using System.CommandLine;
using Inpaint.Cli;

var root = new RootCommand("Completes photographs whose centre, or any part, is hidden.")
{
    ScoreCommand.Create(),
    BatchCommand.Create(),
    EvaluateCommand.Create(),
    GraphCommand.Create(),
    JudgeCommand.Create(),
    ScenesCommand.Create(),
    DoctorCommand.Create(),
};
return CommandLine.Run(root, args);
