// A build task, compiled and run by MSBuild alone: marks one required symbol version of an ELF library as weak (VER_FLG_WEAK),
// so that the dynamic loader no longer refuses the library where that version is missing. Safe only where no symbol of that
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

    private static readonly string[] LibraryFolders =
    {
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/lib64", "/usr/lib64", "/lib", "/usr/lib",
    };

    public ITaskItem[] Files { get; set; }

    public string VersionMark { get; set; }

    public bool Always { get; set; }

    public override bool Execute()
    {
        if (!Always && SystemHasMark())
        {
            return true;
        }

        foreach (ITaskItem file in Files)
        {
            if (File.Exists(file.ItemSpec))
            {
                Weaken(file.ItemSpec);
            }
        }

        return !Log.HasLoggedErrors;
    }

    private bool SystemHasMark()
    {
        string library = LibraryFolders.Select(f => f + "/libstdc++.so.6").FirstOrDefault(File.Exists);
        return library != null && IndexOf(File.ReadAllBytes(library), Encoding.ASCII.GetBytes(VersionMark + "\0"), 0) >= 0;
    }

    private void Weaken(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int flags = FindFlags(bytes);
        if (flags < 0 || (bytes[flags] & Weak) != 0)
        {
            return;
        }

        bytes[flags] |= Weak;

        // A new file takes the old one's place: where outputs are links into the package cache, the cache stays as it is.
        // Its time stays too, so that an incremental build does not copy the original over it.
        DateTime time = File.GetLastWriteTimeUtc(path);
        string whole = path + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(whole, bytes);
        File.SetLastWriteTimeUtc(whole, time);
        File.Delete(path);
        File.Move(whole, path);
        Log.LogMessage(MessageImportance.Normal, VersionMark + " is now optional in " + path);
    }

    // The place of the version's vna_flags, or -1 when the library does not ask for it (64-bit little-endian ELF).
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

            int names = checked((int)BitConverter.ToInt64(elf, checked((int)(sections + (long)BitConverter.ToInt32(elf, section + 40) * size)) + 24));
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

    private static int IndexOf(byte[] bytes, byte[] part, int start)
    {
        for (int i = start; i <= bytes.Length - part.Length; i++)
        {
            int j = 0;
            while (j < part.Length && bytes[i + j] == part[j])
            {
                j++;
            }

            if (j == part.Length)
            {
                return i;
            }
        }

        return -1;
    }
}
