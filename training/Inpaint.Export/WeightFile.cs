using TorchSharp;

namespace Inpaint.Export;

/// <summary>Weights as TorchSharp's <c>module.save</c> writes them.</summary>
internal static class WeightFile
{
    /// <summary>Loads them into a module, strictly.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="FailedException">They do not match the module.</exception>
    public static void Load(torch.nn.Module module, string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"'{path}' does not exist; expected a file written by module.save (--weights).");
        }

        var loaded = new Dictionary<string, bool>();
        try
        {
            module.load(path, strict: true, loadedParameters: loaded);
        }
        catch (Exception e)
        {
            // TorchSharp throws argument, format and stream exceptions, depending on the bytes.
            throw new FailedException($"'{path}' cannot be loaded into {module.GetName()}: {e.Message.TrimEnd('.')}. Expected weights of "
                + "this module with these constructor values (--arg), written by module.save.");
        }

        string[] missing = [.. loaded.Where(l => !l.Value).Select(l => l.Key).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            throw new FailedException($"'{path}' has no values for "
                + $"{string.Join(", ", missing.Take(5))}{(missing.Length > 5 ? $" and {missing.Length - 5} more" : "")} of "
                + $"{module.GetName()}.");
        }
    }
}
