using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;
using Inpaint.Training.Loop;

namespace Inpaint.Training.Tests.Commands;

/// <summary>How the program handles command lines.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("train unet --out x --data |", "--data is empty; expected DATASET.")]
    [InlineData("train unet --data x --out |", "--out is empty; expected RUN.")]
    [InlineData("train unet --data x --out x --limit -3", "--limit is '-3'; expected an integer from 1")]
    [InlineData("search unet --space x --data x --out x --limit 0", "--limit is '0'; expected an integer from 1")]
    [InlineData("export | --out x", "RUN is empty;")]
    [InlineData("export x --out |", "--out is empty; expected FOLDER.")]
    [InlineData("export x --out x --with |", "--with is empty; expected RUN.")]
    public void An_invalid_option_is_named_with_the_help_of_the_program(string line, string expected)
    {
        (int code, string text) = Trainings.Call([.. line.Split(' ').Select(word => word == "|" ? "" : word)]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains($"Run '{CommandText.Program} {line.Split(' ')[0]} --help'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_formatted_independently_of_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture.NumberFormat.NumberGroupSeparator = "_";
        try
        {
            string config = _folder.File("tiny.json"), run = _folder.File("run");
            File.WriteAllText(config, Trainings.Tiny);
            string text = Trainings.Call("train", config, "--data", "scenes:8:64:3", "--valid", "scenes:4:64:5", "--out", run, "--set",
                "max_steps=1").Text
                + Trainings.Call("export", run, "--test", "scenes:4:64:6", "--out", _folder.File("graph")).Text;
            Assert.Contains("hole_mse 0.0", text, StringComparison.Ordinal);
            Assert.Contains("9,868 weights", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\d,\d{1,2}\b|\d_\d", text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    public void Dispose() => _folder.Dispose();
}
