using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Inpaint.Files;

/// <summary>A 16-byte hash of a string, to keep millions of them in little memory.</summary>
public static class TextFingerprint
{
    /// <summary>The first half of the SHA-256 of a string's UTF-16 bytes.</summary>
    public static UInt128 Of(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
