// A build task, compiled and run by MSBuild: writes a copy of an assembly in which every type, method and field is public, for the
// compiler to reference. It changes the access bits in three metadata tables (ECMA-335 II.22.15, .26, .37) and nothing else.
using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

public sealed class MakeInternalsVisible : Task
{
    private const int TypeDef = 2, Field = 4, MethodDef = 6;

    private byte[] _bytes;
    private readonly int[] _rows = new int[64];

    public string Source { get; set; }

    public string Target { get; set; }

    public override bool Execute()
    {
        if (File.Exists(Target) && File.GetLastWriteTimeUtc(Target) > File.GetLastWriteTimeUtc(Source))
        {
            return true;
        }

        _bytes = File.ReadAllBytes(Source);
        Publish();
        Directory.CreateDirectory(Path.GetDirectoryName(Target));
        string temporary = Target + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, _bytes);
        File.Delete(Target);
        File.Move(temporary, Target);
        return true;
    }

    private void Publish()
    {
        int tables = FindTablesStream();
        byte heaps = _bytes[tables + 6];
        int text = (heaps & 1) != 0 ? 4 : 2, guid = (heaps & 2) != 0 ? 4 : 2, blob = (heaps & 4) != 0 ? 4 : 2;
        ulong present = BitConverter.ToUInt64(_bytes, tables + 8);
        int at = tables + 24;
        for (int table = 0; table < 64; table++)
        {
            if ((present >> table & 1) != 0)
            {
                _rows[table] = BitConverter.ToInt32(_bytes, at);
                at += 4;
            }
        }

        int resolutionScope = CodedIndex(2, 0x00, 0x1A, 0x23, 0x01), typeDefOrRef = CodedIndex(2, 0x02, 0x01, 0x1B);
        int[] rowSizes =
        {
            2 + text + guid + guid + guid,
            resolutionScope + text + text,
            4 + text + text + typeDefOrRef + Index(0x04) + Index(0x06),
            Index(0x04),
            2 + text + blob,
            Index(0x06),
            4 + 2 + 2 + text + blob + Index(0x08),
        };
        for (int table = 0; table <= MethodDef; table++)
        {
            for (int row = 0; row < _rows[table]; row++, at += rowSizes[table])
            {
                switch (table)
                {
                    case TypeDef:
                        int visibility = _bytes[at] & 7;
                        SetAccess(at, visibility <= 1 ? 1 : 2);
                        break;
                    case Field:
                        SetAccess(at, 6);
                        break;
                    case MethodDef when (_bytes[at + 6] & 7) != 4:
                        // Protected methods stay protected, or overriding them would not compile.
                        SetAccess(at + 6, 6);
                        break;
                }
            }
        }
    }

    private int FindTablesStream()
    {
        int pe = BitConverter.ToInt32(_bytes, 0x3C);
        int sections = BitConverter.ToUInt16(_bytes, pe + 6), optional = pe + 24, optionalSize = BitConverter.ToUInt16(_bytes, pe + 20);
        bool wide = BitConverter.ToUInt16(_bytes, optional) == 0x20B;
        int directories = optional + (wide ? 112 : 96);
        int Offset(int address)
        {
            for (int i = 0; i < sections; i++)
            {
                int section = optional + optionalSize + (40 * i);
                int start = BitConverter.ToInt32(_bytes, section + 12), size = BitConverter.ToInt32(_bytes, section + 16);
                if (address >= start && address < start + size)
                {
                    return address - start + BitConverter.ToInt32(_bytes, section + 20);
                }
            }

            throw new InvalidDataException(Source + " is not a .NET assembly.");
        }

        int cli = Offset(BitConverter.ToInt32(_bytes, directories + (14 * 8)));
        int root = Offset(BitConverter.ToInt32(_bytes, cli + 8));
        int header = root + 16 + BitConverter.ToInt32(_bytes, root + 12);
        int streams = BitConverter.ToUInt16(_bytes, header + 2);
        int entry = header + 4;
        for (int i = 0; i < streams; i++)
        {
            int offset = BitConverter.ToInt32(_bytes, entry);
            int name = entry + 8, end = name;
            while (_bytes[end] != 0)
            {
                end++;
            }

            if (System.Text.Encoding.ASCII.GetString(_bytes, name, end - name) == "#~")
            {
                return root + offset;
            }

            entry = name + ((end - name + 4) & ~3);
        }

        throw new InvalidDataException(Source + " has no metadata tables.");
    }

    private void SetAccess(int at, int access) => _bytes[at] = (byte)((_bytes[at] & ~7) | access);

    private int Index(int table) => _rows[table] > 0xFFFF ? 4 : 2;

    private int CodedIndex(int tagBits, params int[] tables)
    {
        foreach (int table in tables)
        {
            if (_rows[table] > 0xFFFF >> tagBits)
            {
                return 4;
            }
        }

        return 2;
    }
}
