using Inpaint.TestSupport;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Ten minutes of load while a graph is replaced, and malicious clients. Run by dotnet test -p:LongTests=only.</summary>
public sealed class LoadTests
{
    private const int Connections = 64;

    [Fact, Trait("Category", "Long")]
    public async Task Under_load_graphs_are_replaced_without_errors_or_memory_growth()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxPending = 4 * Connections });
        string folder = Path.Combine(service.GraphsFolder, "red");
        var colors = new Dictionary<string, (byte, byte, byte)>
        {
            [RunningService.RedGraph().Manifest.Graph.Sha256] = RunningService.Red,
            [RunningService.GreenGraph().Manifest.Graph.Sha256] = RunningService.Green,
        };
        using var stop = new CancellationTokenSource(Duration());
        Task<int>[] clients = [.. Enumerable.Range(0, Connections).Select(async client =>
        {
            int answers = 0;
            while (!stop.IsCancellationRequested)
            {
                using HttpResponseMessage response = await service.InpaintAsync(("image", Photos.Png(client)));
                Photo picture = await Photos.Picture(response);
                Photos.AssertFilled(
                    Photos.Scene(client), picture, Photos.InCenter, colors[response.Headers.GetValues("X-Inpaint-Graph-Sha256").Single()]);
                answers++;
            }

            return answers;
        })];
        var memory = new List<long>();
        for (int swap = 0; !stop.IsCancellationRequested; swap++)
        {
            GraphOnDisk.Write(swap % 2 == 0 ? RunningService.GreenGraph() : RunningService.RedGraph(), folder);
            await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
            memory.Add(Process.GetCurrentProcess().WorkingSet64 >> 20);
        }

        int[] counts = await Task.WhenAll(clients);
        Assert.All(counts, count => Assert.True(count > 0));
        // After a warm-up, the lower quartiles of both halves are similar.
        long[] later = [.. memory.Skip(memory.Count / 5)];
        long early = later.Take(
            later.Length / 2).Order().ElementAt(later.Length / 4), late = later.Skip(later.Length / 2).Order().ElementAt(later.Length / 4);
        TestContext.Current.SendDiagnosticMessage($"{counts.Sum():N0} answers, {memory.Count} graphs, {early} MiB and {late} MiB.");
        Assert.True(late < early * 1.15, $"Memory went from {early} to {late} MiB.");
    }

    [Fact, Trait("Category", "Long")]
    public async Task A_thousand_malicious_clients_leave_no_open_handles()
    {
        await using RunningService service = await RunningService.StartAsync();
        (await service.InpaintAsync(("image", Photos.Png()))).Dispose();
        int handles = Handles();
        byte[] bomb = Bomb();
        var random = new Random(1);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            try
            {
                switch (i % 5)
                {
                    case 0:
                        await HangUp(service, Photos.Png(), random.Next(1, 2000));
                        break;
                    case 1:
                        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.InpaintAsync(("image", bomb))).StatusCode);
                        break;
                    case 2:
                        Assert.Equal(
                            HttpStatusCode.UnprocessableEntity, (await service.InpaintAsync(("image", Photos.Png()[..500]))).StatusCode);
                        break;
                    case 3:
                        Assert.Equal(
                            HttpStatusCode.BadRequest,
                            (await service.InpaintAsync(("image", Photos.Png()), ("caption", new string('c', 500_000)))).StatusCode);
                        break;
                    default:
                        Assert.Equal(
                            HttpStatusCode.NotFound,
                            (await service.InpaintAsync(("image", Photos.Png()), ("graph", $"../{i}"))).StatusCode);
                        break;
                }
            }
            catch (HttpRequestException)
            {
                // Rejected while it was sending.
            }
        });
        Photos.AssertFilled(
            Photos.Scene(), await Photos.Picture(await service.InpaintAsync(("image", Photos.Png()))), Photos.InCenter, RunningService.Red);
        await service.WaitUntil(() => Task.FromResult(Handles() < handles + 30), "all handles are closed");
    }

    private static TimeSpan Duration() => Environment.GetEnvironmentVariable("INPAINT_LOAD_SECONDS") is { } text ? TimeSpan.FromSeconds(
        int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)) : TimeSpan.FromMinutes(10);

    private static int Handles() =>
        OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : Process.GetCurrentProcess().HandleCount;

    private static async Task HangUp(RunningService service, byte[] image, int after)
    {
        var address = new Uri(service.Url);
        using var socket = new TcpClient(address.Host, address.Port);
        string headers = $"POST /api/v1/inpaint HTTP/1.1\r\nHost: {address.Authority}\r\n"
            + $"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {image.Length + 200}\r\n\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n";
        byte[] head = Encoding.ASCII.GetBytes(headers);
        await socket.GetStream().WriteAsync((byte[])[.. head, .. image[..Math.Min(after, image.Length)]]);
        await Task.Delay(20);
    }

    // A PNG whose header claims 30,000 x 30,000 pixels.
    private static byte[] Bomb()
    {
        byte[] png = Photos.Png();
        foreach (int at in (int[])[16, 20])
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(at), 30_000);
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
