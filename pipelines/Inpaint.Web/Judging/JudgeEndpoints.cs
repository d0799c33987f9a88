using System.Security.Cryptography;
using Inpaint.Evaluation.Judging;
using Inpaint.Holes;
using Inpaint.Photos;
using Inpaint.Scenes;
using Inpaint.Web.Api;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web.Judging;

/// <summary>Blind comparisons of fills, and what came of them.</summary>
internal static class JudgeEndpoints
{
    private const int JudgedScenes = 10_000, Tries = 8;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/judge/pair", Pair).WithName("judge_pair").WithSummary("Two fills of a photo, unnamed").WithDescription("graphs: at least two names, separated by commas; 'truth' is the photo itself.").Produces<PairAnswer>().WithProblems(400, 404, 409, 422, 429, 504);
        api.MapPost("/judge/votes", Vote).WithName("judge_vote").WithSummary("Which was better").Accepts<VoteRequest>("application/json").Produces<VoteAnswer>().WithProblems(400, 404, 415, 500).DisableAntiforgery();
        api.MapGet("/judge/table", Table).WithName("judge_table").WithSummary("What all votes say").Produces<VoteTable>().WithProblems(500);
    }

    private static async Task<IResult> Pair(string? graphs, HttpContext context, [FromServices] PairBook book, [FromServices] SampleShelf samples, [FromServices] GraphHost host, [FromServices] Completion completion, [FromServices] Admission admission, [FromServices] ServiceOptions options)
    {
        string[] names = [.. (graphs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (names.Length < 2)
        {
            throw ServiceException.BadRequest($"graphs names {names.Length}; expected at least two graphs, separated by commas ('{Inpaint.Evaluation.Judging.Vote.Truth}' is the photo itself).");
        }

        using Admission.Place place = admission.Enter(0);
        place.Take(2);
        using CancellationTokenSource limit = RequestLimit.Of(context, options);
        RandomNumberGenerator.Shuffle<string>(names);
        (Sample sample, byte[] truth) = await Pick(names.Take(2), samples, host, limit.Token);
        InpaintAnswer?[] answers = new InpaintAnswer?[2];
        byte[][] pictures = new byte[2][];
        for (int i = 0; i < 2; i++)
        {
            answers[i] = names[i] == Inpaint.Evaluation.Judging.Vote.Truth ? null : await completion.RunAsync("the photo", new InpaintRequest { Image = truth, Graph = names[i], Caption = sample.Caption }, place, limit.Token);
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
    private static async Task<(Sample Sample, byte[] Png)> Pick(IEnumerable<string> names, SampleShelf samples, GraphHost host, CancellationToken cancellation)
    {
        for (int tried = 1; samples.Photos.Count > 0; tried++)
        {
            Sample photo = samples.Photos[RandomNumberGenerator.GetInt32(samples.Photos.Count)];
            try
            {
                return (photo, await samples.ReadAsync(photo, null, cancellation));
            }
            catch (ServiceException) when (tried < Tries)
            {
                // A file that cannot be read does not stop the others from being judged.
            }
        }

        int size = 256;
        foreach (string name in names.Where(n => n != Inpaint.Evaluation.Judging.Vote.Truth))
        {
            size = Math.Min(size, (await host.GetAsync(name, cancellation)).Manifest.Size.Width ?? size);
        }

        int index = RandomNumberGenerator.GetInt32(JudgedScenes);
        size = Math.Max(size, SceneGenerator.MinSize);
        string id = $"scene-{index}-{size}";
        var scene = new Sample(id, SceneGenerator.Describe(index, size).Caption, id, _ => SceneGenerator.Draw(index, size).Photo);
        return (scene, PhotoCodec.Encode(scene.Decode(null)));
    }

    private static async Task<IResult> Vote(HttpContext context, [FromServices] PairBook book, [FromServices] VoteBook votes)
    {
        VoteRequest vote = await JsonBody.ReadAsync<VoteRequest>(context.Request, "{\"pair\": \"...\", \"choice\": \"left\"}, with left, right, equal or skip", context.RequestAborted);
        VoteChoice? choice = vote.Choice switch
        {
            "left" => VoteChoice.Left,
            "right" => VoteChoice.Right,
            "equal" => VoteChoice.Equal,
            "skip" => null,
            _ => throw ServiceException.BadRequest("choice is none of left, right, equal and skip."),
        };
        int count = book.Vote(vote.Pair, pair => choice is { } chosen
            ? votes.Add(new Inpaint.Evaluation.Judging.Vote { Time = DateTimeOffset.UtcNow, Photo = pair.Photo, Left = pair.Left, Right = pair.Right, Choice = chosen })
            : votes.Count);
        return Results.Json(new VoteAnswer(count), ApiJson.Options);
    }

    private static IResult Table([FromServices] VoteBook votes) => Results.Json(votes.Table(), ApiJson.Options);
}

/// <summary>Two unnamed pictures of one photo.</summary>
internal sealed record PairAnswer(string Pair, string Photo, string? Caption, int Width, int Height, PixelBox Hole, byte[] Left, byte[] Right);

/// <summary>A vote: left, right, equal or skip.</summary>
internal sealed record VoteRequest(string Pair, string Choice);

/// <summary>How many votes there are.</summary>
internal sealed record VoteAnswer(int Votes);

/// <summary>What all votes say.</summary>
internal sealed record VoteTable(int Votes, IReadOnlyList<Preference> Graphs);
