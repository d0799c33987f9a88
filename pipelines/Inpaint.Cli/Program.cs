using System.CommandLine;
using Inpaint.Cli.Batch;
using Inpaint.Cli.Doctor;
using Inpaint.Cli.Evaluate;
using Inpaint.Cli.Graphs;
using Inpaint.Cli.Judge;
using Inpaint.Cli.Scenes;
using Inpaint.Cli.Score;
using Inpaint.CommandLine;

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
return CommandRunner.Run(root, args);
