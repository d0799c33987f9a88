using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;

namespace Inpaint.ML.Batches;

/// <summary>A hash that identifies a model.</summary>
internal static class ModelFingerprint
{
    /// <summary>SHA-256 of the saved model; null when it cannot be saved.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its input.</param>
    /// <param name="folder">Where it is saved temporarily, as it may be large.</param>
    public static string? Of(MLContext ml, ITransformer model, DataViewSchema schema, string folder)
    {
        try
        {
            string path = Path.Combine(folder, $".model.{Random.Shared.Next():x8}.tmp");
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
                FileOptions.DeleteOnClose);
            ml.Model.Save(model, schema, file);
            file.Position = 0;
            using var zip = new ZipArchive(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 16];
            // The archive itself contains times, and the version of ML.NET.
            foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name != "Version.txt")
                .OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{entry.FullName.Replace('\\', '/')}:{entry.Length}:"));
                using Stream content = entry.Open();
                for (int read; (read = content.Read(buffer)) > 0;)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException))
        {
            return null;
        }
    }
}
