using System.Diagnostics;
using Inpaint.Fuzz;
using SharpFuzz;

const string usage = """
    Usage: inpaint-fuzz TARGET                  Runs a target under afl-fuzz (see tests/fuzz.sh).
           inpaint-fuzz TARGET --once FILE...   Runs a target once on each file; exit code 1 if one crashes.
           inpaint-fuzz TARGET --seeds FOLDER   Writes the seed files.
           inpaint-fuzz --list                  Lists the targets.
    """;

if (args is ["--list"])
{
    Console.WriteLine(string.Join('\n', FuzzTarget.All.Select(t => t.Name)));
    return 0;
}

FuzzTarget? target = args.Length > 0 ? FuzzTarget.All.FirstOrDefault(t => t.Name == args[0]) : null;
switch (args)
{
    case [_] when target is not null:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Bounds.Run(target, copy.ToArray());
        });
        return 0;
    case [_, "--once", _, ..] when target is not null:
        int crashes = args[2..].Count(file => !Replay(target, file));
        return crashes == 0 ? 0 : 1;
    case [_, "--seeds", { } folder] when target is not null:
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] bytes) in target.Seeds())
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        return 0;
    default:
        string targets = string.Join(", ", FuzzTarget.All.Select(t => t.Name));
        Console.Error.WriteLine($"Found '{string.Join(' ', args)}'; expected a target: {targets}.\n{usage}");
        return 2;
}

static bool Replay(FuzzTarget target, string file)
{
    var clock = Stopwatch.StartNew();
    try
    {
        Bounds.Run(target, File.ReadAllBytes(file));
        Console.WriteLine($"{file}: ok, {clock.Elapsed.TotalMilliseconds:0} ms");
        return true;
    }
    catch (Exception e)
    {
        Console.WriteLine($"{file}: {e}");
        return false;
    }
}
