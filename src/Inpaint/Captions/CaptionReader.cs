using System.Buffers;
using System.Globalization;
using System.Text;

namespace Inpaint.Captions;

/// <summary>Reads the words of a caption one by one, without allocating strings.</summary>
internal ref struct CaptionReader : IDisposable
{
    private const string NumberWord = "<number>";

    private readonly CaptionRules _rules;
    private readonly char[] _rented;
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    public CaptionReader(ReadOnlySpan<char> caption, CaptionRules rules)
    {
        _rules = rules;
        _rented = ArrayPool<char>.Shared.Rent(checked(LatinFolding.MaximumExpansion * caption.Length));
        _text = _rented.AsSpan(0, LatinFolding.Fold(caption, _rented, rules.LowerCase));
    }

    /// <summary>The current word; valid until the reader is disposed.</summary>
    public ReadOnlySpan<char> Word { get; private set; }

    /// <summary>Moves to the next word that the rules keep; returns false at the end.</summary>
    public bool Read()
    {
        while (TryFindRun(out ReadOnlySpan<char> run))
        {
            Word = StripClitics(run);
            if (IsNumber(Word))
            {
                if (_rules.Numbers == NumberRule.Drop)
                {
                    continue;
                }

                Word = _rules.Numbers == NumberRule.Replace ? NumberWord : Word;
                return true;
            }

            if (!_rules.DropStopWords || !StopWords.Contains(Word))
            {
                return true;
            }
        }

        Word = [];
        return false;
    }

    public readonly void Dispose() => ArrayPool<char>.Shared.Return(_rented);

    /// <summary>The next run of letters, marks and digits, including apostrophes before letters, and . and , between digits.</summary>
    private bool TryFindRun(out ReadOnlySpan<char> run)
    {
        while (_position < _text.Length && !IsLetterOrDigit(_position, out _))
        {
            _position++;
        }

        int start = _position;
        while (_position < _text.Length)
        {
            if (IsLetterOrDigit(_position, out int length) || IsMark(_position, out length))
            {
                _position += length;
            }
            else if (_position > start && JoinsNeighbours(_position))
            {
                _position++;
            }
            else
            {
                break;
            }
        }

        run = _text[start.._position];
        return !run.IsEmpty;
    }

    private readonly bool JoinsNeighbours(int position)
    {
        if (position + 1 >= _text.Length)
        {
            return false;
        }

        return _text[position] switch
        {
            '\'' => _text[position - 1] != '\'' && IsLetterOrDigit(position + 1, out _) && !char.IsDigit(_text[position + 1]),
            '.' or ',' => char.IsDigit(_text[position - 1]) && char.IsDigit(_text[position + 1]),
            _ => false,
        };
    }

    private readonly bool IsLetterOrDigit(int position, out int length)
    {
        length = 1;
        char c = _text[position];
        return c < 0x80 ? char.IsAsciiLetterOrDigit(c)
            : Rune.DecodeFromUtf16(_text[position..], out Rune rune, out length) == OperationStatus.Done && Rune.IsLetterOrDigit(rune);
    }

    private readonly bool IsMark(int position, out int length) =>
        Rune.DecodeFromUtf16(_text[position..], out Rune rune, out length) == OperationStatus.Done
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static ReadOnlySpan<char> StripClitics(ReadOnlySpan<char> word)
    {
        int apostrophe = word.LastIndexOf('\'');
        while (apostrophe > 0 && IsClitic(word[(apostrophe + 1)..]))
        {
            word = word[..apostrophe];
            apostrophe = word.LastIndexOf('\'');
        }

        return word;
    }

    private static bool IsClitic(ReadOnlySpan<char> ending) => ending.Length switch
    {
        1 => ending[0] is 's' or 'S' or 'd' or 'D' or 'm' or 'M',
        2 => ending.Equals("re", StringComparison.OrdinalIgnoreCase)
            || ending.Equals("ve", StringComparison.OrdinalIgnoreCase)
            || ending.Equals("ll", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        foreach (char c in word)
        {
            if (!char.IsDigit(c) && c is not ('.' or ','))
            {
                return false;
            }
        }

        return true;
    }
}
