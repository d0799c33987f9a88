using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Inpaint.Cli.Score;

/// <summary>A 16-byte hash of a string, to keep millions of them in little memory.</summary>
internal static class Fingerprint
{
    public static UInt128 Of(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>The same as 32 hexadecimal digits.</summary>
    public static string HexOf(ReadOnlySpan<char> text) => Of(text).ToString("x32", null);
}
