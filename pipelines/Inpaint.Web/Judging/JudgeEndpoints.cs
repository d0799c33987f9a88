using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web;

/// <summary>Blind comparisons of fills, and what came of them.</summary>
internal static class JudgeEndpoints
{
    private const int JudgedScenes = 10_000;
    private static readonly Lock VoteLock = new();

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/judge/pair", Pair).WithName("judge_pair").WithSummary("Two fills of a photo, unnamed").WithDescription("graphs: at least two names, separated by commas; 'truth' is the photo itself.").Produces<PairAnswer>().WithProblems(400, 404, 409, 422, 429, 504);
        api.MapPost("/judge/votes", Vote).WithName("judge_vote").WithSummary("Which was better").Produces<VoteAnswer>().WithProblems(400, 404).DisableAntiforgery();
        api.MapGet("/judge/table", Table).WithName("judge_table").WithSummary("What all votes say").Produces<VoteTable>();
    }

    private static async Task<IResult> Pair(string? graphs, HttpContext context, [FromServices] PairBook book, [FromServices] SampleShelf samples, [FromServices] GraphHost host, [FromServices] Completion completion, [FromServices] Admission admission, [FromServices] ServiceOptions options)
    {
        string[] names = [.. (graphs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (names.Length < 2)
        {
            throw ServiceException.BadRequest($"graphs names {names.Length}; expected at least two graphs, separated by commas ('{Inpaint.Vote.Truth}' is the photo itself).");
        }

        using Admission.Place place = admission.Enter(0);
        place.Take(2);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(options.Timeout);
        RandomNumberGenerator.Shuffle<string>(names);
        Sample sample = await Pick(names.Take(2), samples, host, limit.Token);
        byte[] truth = sample.Png();
        InpaintAnswer?[] answers = new InpaintAnswer?[2];
        byte[][] pictures = new byte[2][];
        for (int i = 0; i < 2; i++)
        {
            answers[i] = names[i] == Inpaint.Vote.Truth ? null : await completion.RunAsync("the photo", new InpaintRequest { Image = truth, Graph = names[i], Caption = sample.Caption }, limit.Token);
            pictures[i] = answers[i]?.Image ?? PhotoCodec.Encode(PhotoCodec.Decode(truth));
        }

        JudgedPair pair = book.Add(sample.Id, names[0], names[1]);
        InpaintAnswer any = answers[0] ?? answers[1]!;
        bool swapped = pair.Left != names[0];
        return Results.Json(
            new PairAnswer(pair.Id, sample.Id, sample.Caption, any.Width, any.Height, any.Hole, pictures[swapped ? 1 : 0], pictures[swapped ? 0 : 1]),
            ApiJson.Options);
    }

    // Photos of the user's folder where there are some, else scenes at the graphs' own size, so that nothing is blurred by scaling.
    private static async Task<Sample> Pick(IEnumerable<string> names, SampleShelf samples, GraphHost host, CancellationToken cancellation)
    {
        if (samples.Photos.Count > 0)
        {
            return samples.Photos[RandomNumberGenerator.GetInt32(samples.Photos.Count)];
        }

        int size = 256;
        foreach (string name in names.Where(n => n != Inpaint.Vote.Truth))
        {
            size = Math.Min(size, (await host.GetAsync(name, cancellation)).Manifest.Size.Width ?? size);
        }

        int index = RandomNumberGenerator.GetInt32(JudgedScenes);
        size = Math.Max(size, SceneGenerator.MinSize);
        return new Sample($"scene-{index}-{size}", SceneGenerator.Describe(index, size).Caption, () => PhotoCodec.Encode(SceneGenerator.Draw(index, size).Photo));
    }

    private static IResult Vote(VoteRequest vote, [FromServices] PairBook book, [FromServices] ServiceOptions options)
    {
        if (vote.Choice is not ("left" or "right" or "equal" or "skip"))
        {
            throw ServiceException.BadRequest("choice is none of left, right, equal and skip.");
        }

        JudgedPair pair = book.Take(vote.Pair) ?? throw new ServiceException(StatusCodes.Status404NotFound, "unknown_pair", "The pair is not known, or was voted on already.");
        lock (VoteLock)
        {
            if (vote.Choice != "skip")
            {
                VoteFile.Add(options.Votes, new Inpaint.Vote
                {
                    Time = DateTimeOffset.UtcNow,
                    Photo = pair.Photo,
                    Left = pair.Left,
                    Right = pair.Right,
                    Choice = vote.Choice switch { "left" => VoteChoice.Left, "right" => VoteChoice.Right, _ => VoteChoice.Equal },
                });
            }

            return Results.Json(new VoteAnswer(File.Exists(options.Votes) ? File.ReadLines(options.Votes).Count(line => line.Length > 0) : 0), ApiJson.Options);
        }
    }

    private static IResult Table([FromServices] ServiceOptions options)
    {
        IReadOnlyList<Vote> votes;
        lock (VoteLock)
        {
            votes = Votes(options);
        }

        return Results.Json(new VoteTable(votes.Count, votes.Count > 0 ? BradleyTerry.Fit(votes, resamples: 200) : []), ApiJson.Options);
    }

    private static IReadOnlyList<Vote> Votes(ServiceOptions options)
    {
        try
        {
            return File.Exists(options.Votes) ? VoteFile.Read(options.Votes) : [];
        }
        catch (DatasetException e)
        {
            throw new ServiceException(StatusCodes.Status500InternalServerError, "votes", "The file of votes cannot be read; the service's log says where.", e);
        }
    }
}

/// <summary>Two unnamed pictures of one photo.</summary>
internal sealed record PairAnswer(string Pair, string Photo, string? Caption, int Width, int Height, PixelBox Hole, byte[] Left, byte[] Right);

/// <summary>A vote: left, right, equal or skip.</summary>
internal sealed record VoteRequest(string Pair, string Choice);

/// <summary>How many votes there are.</summary>
internal sealed record VoteAnswer(int Votes);

/// <summary>What all votes say.</summary>
internal sealed record VoteTable(int Votes, IReadOnlyList<Preference> Graphs);
