using System.Text.Json;
using Inpaint.Datasets;
using Inpaint.Graphs;
using Inpaint.Json;

namespace Inpaint.Evaluation.Judging;

/// <summary>What a person said of two fills.</summary>
public enum VoteChoice
{
    /// <summary>The left one is better.</summary>
    Left,

    /// <summary>The right one is better.</summary>
    Right,

    /// <summary>Neither is.</summary>
    Equal,
}

/// <summary>One blind comparison of two fills of the same photo.</summary>
public sealed record Vote
{
    /// <summary>The name of the photo itself among the compared, in place of a graph's.</summary>
    public const string Truth = "truth";

    /// <summary>When it was given; null when it is not known.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The photo.</summary>
    public string? Photo { get; init; }

    /// <summary>The graph of the left fill, or <see cref="Truth"/>.</summary>
    public required string Left { get; init; }

    /// <summary>The graph of the right fill, or <see cref="Truth"/>.</summary>
    public required string Right { get; init; }

    /// <summary>Which was better.</summary>
    public required VoteChoice Choice { get; init; }
}

/// <summary>Votes as JSON lines: a line a vote, added at the end.</summary>
public static class VoteFile
{
    private static readonly JsonSerializerOptions OneLine = new(StrictJson.Options) { WriteIndented = false };

    /// <summary>Adds a vote; the file and its folder are made when they are not there.</summary>
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

    /// <summary>What stands behind the last line's end: nothing, where a file is whole.</summary>
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

    /// <summary>Whether a last line is a vote that was never written to its end.</summary>
    private static bool IsCutOff(string line) => line.StartsWith('{') && !line.EndsWith('}');

    /// <summary>Reads all votes. A last line that was cut off while it was written is left out.</summary>
    /// <exception cref="DatasetException">There is no file, or a line is no vote; the message names it.</exception>
    public static IReadOnlyList<Vote> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new DatasetException($"'{path}' does not exist; expected a file with a vote a line, as the page's tab Judge writes it.");
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
            return vote.Left != vote.Right ? vote : throw new DatasetException($"{where}: '{vote.Left}' is compared with itself; expected two different ones.");
        }
        catch (StrictJsonException e)
        {
            throw new DatasetException(e.Message, e);
        }
    }
}
