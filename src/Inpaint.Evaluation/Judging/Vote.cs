using System.Text.Json;

namespace Inpaint.Evaluation.Judging;

/// <summary>The answer in a comparison of two fills.</summary>
public enum VoteChoice
{
    /// <summary>The left fill is better.</summary>
    Left,

    /// <summary>The right fill is better.</summary>
    Right,

    /// <summary>Neither is better.</summary>
    Equal,
}

/// <summary>One blind comparison of two fills of the same photo.</summary>
public sealed record Vote
{
    /// <summary>The name of the original photo in comparisons, instead of a graph's name.</summary>
    public const string Truth = "truth";

    /// <summary>The time of the vote, if known.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The photo.</summary>
    public string? Photo { get; init; }

    /// <summary>The graph of the left fill, or <see cref="Truth"/>.</summary>
    public required string Left { get; init; }

    /// <summary>The graph of the right fill, or <see cref="Truth"/>.</summary>
    public required string Right { get; init; }

    /// <summary>The answer.</summary>
    public required VoteChoice Choice { get; init; }
}

/// <summary>Votes in a JSON lines file: one line per vote, appended.</summary>
public static class VoteFile
{
    private static readonly JsonSerializerOptions OneLine = new(StrictJson.Options) { WriteIndented = false };

    /// <summary>Appends a vote, creating the file and its folder if necessary.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Add(string path, Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        byte[] line = System.Text.Encoding.UTF8.GetBytes(JsonSerializer.Serialize(vote, OneLine) + "\n");
        string last = LastLine(file, out long begin);
        if (IsCutOff(last))
        {
            file.SetLength(begin);
            last = "";
        }

        file.Seek(0, SeekOrigin.End);
        file.Write(last.Length > 0 ? [(byte)'\n', .. line] : line);
    }

    /// <summary>The content after the last newline; empty in a complete file.</summary>
    private static string LastLine(FileStream file, out long begin)
    {
        for (begin = file.Length; begin > 0; begin--)
        {
            file.Seek(begin - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
            {
                break;
            }
        }

        byte[] bytes = new byte[file.Length - begin];
        file.Seek(begin, SeekOrigin.Begin);
        file.ReadExactly(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Whether a last line is a truncated vote.</summary>
    private static bool IsCutOff(string line) => line.StartsWith('{') && !line.EndsWith('}');

    /// <summary>Reads all votes. A truncated last line is ignored.</summary>
    /// <exception cref="DatasetException">The file does not exist, or a line is not a vote; the message names it.</exception>
    public static IReadOnlyList<Vote> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new DatasetException(
                $"'{path}' does not exist; expected a file with one vote per line, as written by the web page's Judge tab.");
        }

        string text = File.ReadAllText(path);
        string[] lines = text.Split('\n');
        var votes = new List<Vote>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length > 0 && (i < lines.Length - 1 || !IsCutOff(line)))
            {
                votes.Add(Parse(line, $"{path}, line {i + 1}"));
            }
        }

        return votes;
    }

    private static Vote Parse(string line, string where)
    {
        try
        {
            Vote vote = StrictJson.Read<Vote>(System.Text.Encoding.UTF8.GetBytes(line), where);
            return vote.Left != vote.Right ? vote
                : throw new DatasetException($"{where}: '{vote.Left}' is compared with itself; expected two different ones.");
        }
        catch (StrictJsonException e)
        {
            throw new DatasetException(e.Message, e);
        }
    }
}
