namespace Inpaint.CliTests;
