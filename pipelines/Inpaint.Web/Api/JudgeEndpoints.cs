using System.Security.Cryptography;
using Inpaint.Evaluation.Judging;
using Inpaint.Scenes;
using Inpaint.Web.Judging;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Two unnamed fills of one photo.</summary>
internal sealed record JudgeResponse(
    string Pair, string Photo, string? Caption, int Width, int Height, HoleBox Hole, byte[] Left, byte[] Right);

/// <summary>A vote: left, right, equal or skip.</summary>
internal sealed record VoteRequest(string Pair, string Choice);

/// <summary>The number of votes.</summary>
internal sealed record VoteResponse(int Votes);

/// <summary>The routes of blind comparisons.</summary>
internal static class JudgeEndpoints
{
    private const int SceneCount = 10_000, MaxAttempts = 8;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/judge/pair", PairAsync)
            .WithName("judge_pair")
            .WithSummary("Two fills of a photo, without names")
            .WithDescription("graphs contains at least two names, separated by commas; 'truth' is the photo itself.")
            .WithProblems(400, 404, 409, 422, 429, 504);
        api.MapPost("/judge/votes", VoteAsync)
            .WithName("judge_vote")
            .WithSummary("Votes on a pair")
            .Accepts<VoteRequest>(RequestBody.Json)
            .WithProblems(400, 404, 415, 500);
        api.MapGet("/judge/table", (VoteStore votes) => votes.Table())
            .WithName("judge_table")
            .WithSummary("The preferences of all votes")
            .WithProblems(500);
    }

    private static async Task<JudgeResponse> PairAsync(
        string? graphs,
        PendingPairs pairs,
        SampleGallery gallery,
        GraphHost host,
        InpaintHandler handler,
        Admission admission,
        CancellationToken cancellation)
    {
        string[] names = [.. (graphs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (names.Length < 2)
        {
            throw new ServiceException(
                ErrorKind.BadRequest,
                $"graphs contains {names.Length} names; expected at least two, separated by commas ('{Vote.Truth}' is the photo itself).");
        }

        using Admission.Reservation reservation = admission.Reserve(0);
        reservation.AddPhotos(2);
        RandomNumberGenerator.Shuffle<string>(names);
        (string left, string right) = (names[0], names[1]);
        (Sample sample, byte[] photo) = await PickAsync([left, right], gallery, host, cancellation);
        InpaintResponse? leftFill = await FillAsync(left), rightFill = await FillAsync(right);
        InpaintResponse any = leftFill ?? rightFill!;
        return new JudgeResponse(
            pairs.Add(new JudgedPair(sample.Id, left, right)),
            sample.Id,
            sample.Caption,
            any.Width,
            any.Height,
            any.Hole,
            ImageOf(leftFill),
            ImageOf(rightFill));

        async Task<InpaintResponse?> FillAsync(string graph) => graph == Vote.Truth ? null : await handler.RunAsync(
            new InpaintRequest { Name = "the photo", Image = photo, Caption = sample.Caption, Settings = new() { Graph = graph } },
            reservation,
            cancellation);

        // Encoded by the service in any case, so that the files do not differ.
        byte[] ImageOf(InpaintResponse? fill) => fill?.Image ?? PhotoCodec.Encode(PhotoCodec.Decode(photo));
    }

    // The photos of the gallery's dataset, else scenes at the size of the graphs, so that scaling blurs nothing.
    private static async Task<(Sample Sample, byte[] Png)> PickAsync(
        string[] names, SampleGallery gallery, GraphHost host, CancellationToken cancellation)
    {
        for (int attempt = 1; gallery.PhotoCount > 0; attempt++)
        {
            Sample photo = gallery.Photo(RandomNumberGenerator.GetInt32(gallery.PhotoCount));
            try
            {
                return (photo, await gallery.ReadAsync(photo, null, cancellation));
            }
            catch (ServiceException) when (attempt < MaxAttempts)
            {
                // Another photo is picked.
            }
        }

        int size = 256;
        foreach (string name in names.Where(n => n != Vote.Truth))
        {
            size = Math.Min(size, (await host.GetAsync(name, cancellation)).Manifest.Size.Width ?? size);
        }

        size = Math.Max(size, SceneGenerator.MinSize);
        int index = RandomNumberGenerator.GetInt32(SceneCount);
        Scene scene = SceneGenerator.Draw(index, size);
        string id = $"scene-{index}-{size}";
        return (new Sample(id, scene.Caption, id, _ => scene.Photo), PhotoCodec.Encode(scene.Photo));
    }

    private static async Task<VoteResponse> VoteAsync(
        HttpRequest request, PendingPairs pairs, VoteStore votes, CancellationToken cancellation)
    {
        VoteRequest vote = await RequestBody.ReadJsonAsync<VoteRequest>(
            request, "{\"pair\": \"...\", \"choice\": \"left\"}, with left, right, equal or skip", cancellation);
        VoteChoice? choice = vote.Choice switch
        {
            "left" => VoteChoice.Left,
            "right" => VoteChoice.Right,
            "equal" => VoteChoice.Equal,
            "skip" => null,
            _ => throw new ServiceException(
                ErrorKind.BadRequest, $"choice is '{RequestBody.Shorten(vote.Choice)}'; expected left, right, equal or skip."),
        };
        return new VoteResponse(pairs.Cast(vote.Pair, pair => choice is { } chosen
            ? votes.Add(new() { Time = DateTimeOffset.UtcNow, Photo = pair.Photo, Left = pair.Left, Right = pair.Right, Choice = chosen })
            : votes.Count));
    }
}
