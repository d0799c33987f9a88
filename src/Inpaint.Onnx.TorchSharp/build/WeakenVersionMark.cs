// A build task, compiled and run by MSBuild alone: copies an ELF library and marks one required symbol version of the copy as weak
// (VER_FLG_WEAK), so that the dynamic loader accepts it if that version is missing. Safe only where no symbol of that
// version is used, which holds for the library it is written for.
using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

public sealed class WeakenVersionMark : Task
{
    private const int VersionNeeds = 0x6FFFFFFE;
    private const byte Weak = 2;

    public string Source { get; set; }

    public string Destination { get; set; }

    public string VersionMark { get; set; }

    public override bool Execute()
    {
        byte[] bytes = File.ReadAllBytes(Source);
        int flags = FindFlags(bytes);
        if (flags >= 0)
        {
            bytes[flags] |= Weak;
        }

        // Written atomically: an interrupted build leaves nothing that the next one considers complete.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));
        string temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, bytes);
        File.Delete(Destination);
        File.Move(temporary, Destination);
        Log.LogMessage(MessageImportance.Normal, flags >= 0 ? VersionMark + " is optional in " + Destination
            : Source + " does not require " + VersionMark);
        return true;
    }

    // The place of the version's vna_flags, or -1 if the library does not require it (64-bit little-endian ELF).
    private int FindFlags(byte[] elf)
    {
        if (elf.Length < 64 || elf[0] != 0x7F || elf[1] != 'E' || elf[4] != 2 || elf[5] != 1)
        {
            return -1;
        }

        long sections = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3A), count = BitConverter.ToUInt16(elf, 0x3C);
        for (int i = 0; i < count; i++)
        {
            int section = checked((int)(sections + (long)i * size));
            if (BitConverter.ToUInt32(elf, section + 4) != VersionNeeds)
            {
                continue;
            }

            int names =
                checked((int)BitConverter.ToInt64(elf,
                    checked((int)(sections + (long)BitConverter.ToInt32(elf, section + 40) * size)) + 24));
            int library = checked((int)BitConverter.ToInt64(elf, section + 24));
            while (true)
            {
                int version = library + BitConverter.ToInt32(elf, library + 8);
                for (int v = BitConverter.ToUInt16(elf, library + 2); v > 0; v--)
                {
                    if (NameIs(elf, names + BitConverter.ToInt32(elf, version + 8)))
                    {
                        return version + 4;
                    }

                    version += BitConverter.ToInt32(elf, version + 12);
                }

                int next = BitConverter.ToInt32(elf, library + 12);
                if (next == 0)
                {
                    break;
                }

                library += next;
            }
        }

        return -1;
    }

    private bool NameIs(byte[] elf, int at)
    {
        byte[] mark = Encoding.ASCII.GetBytes(VersionMark + "\0");
        return at >= 0 && at + mark.Length <= elf.Length && elf.Skip(at).Take(mark.Length).SequenceEqual(mark);
    }
}
