using Inpaint.Export;

return CommandRunner.Run(ExportProgram.Create(), args, ExportProgram.Name);
