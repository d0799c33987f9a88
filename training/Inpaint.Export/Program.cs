using Inpaint.Export;

return CommandLine.Run(ExportProgram.Create(), args, ExportProgram.Name);
