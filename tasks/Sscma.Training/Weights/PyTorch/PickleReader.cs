using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sscma.Training.Weights.PyTorch;

/// <summary>
/// Reads the pickle of a PyTorch file without executing anything. A pickle is a program that may call any function by name; this one knows the
/// names that a state dict needs and what they mean, and refuses every other. Source: CPython's pickletools (protocols 2 to 5).
/// </summary>
internal sealed class PickleReader
{
    private static readonly object Mark = new();

    private readonly ReadOnlyMemory<byte> _program;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    private PickleReader(ReadOnlyMemory<byte> program) => _program = program;

    /// <summary>Runs a pickle and returns the value that it describes.</summary>
    /// <exception cref="ForbiddenNameException">It refers to a name that no state dict needs.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or holds what is not read here.</exception>
    public static object? Read(ReadOnlyMemory<byte> pickle) => new PickleReader(pickle).Run();

    private object? Run()
    {
        while (true)
        {
            var code = Take(1).Span[0];
            if (code == '.')
                return Pop();
            Step((char)code);
        }
    }

    private void Step(char code)
    {
        switch (code)
        {
            case '\x80': Take(1); break; // PROTO
            case '\x95': Take(8); break; // FRAME
            case '(': _stack.Add(Mark); break;
            case '0': Pop(); break;
            case '1': PopToMark(); break;
            case 'N': _stack.Add(null); break;
            case '\x88': _stack.Add(true); break;
            case '\x89': _stack.Add(false); break;
            case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span)); break;
            case 'K': _stack.Add((long)Take(1).Span[0]); break;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span)); break;
            case '\x8a': PushInteger(Take(1).Span[0]); break;
            case '\x8b': PushInteger(Length(4)); break;
            case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span)); break;
            case 'X': PushText(Length(4)); break;
            case '\x8c': PushText(Length(1)); break;
            case '\x8d': PushText(Length(8)); break;
            case 'T': PushText(Length(4)); break;
            case 'U': PushText(Length(1)); break;
            case 'B': _stack.Add(Take(Length(4))); break;
            case 'C': _stack.Add(Take(Length(1))); break;
            case '\x8e': _stack.Add(Take(Length(8))); break;
            case ')': _stack.Add(new PickledTuple([])); break;
            case '\x85': PushTuple(1); break;
            case '\x86': PushTuple(2); break;
            case '\x87': PushTuple(3); break;
            case 't': _stack.Add(new PickledTuple(PopToMark())); break;
            case ']': _stack.Add(new List<object?>()); break;
            case 'a': Append([Pop()]); break;
            case 'e': Append(PopToMark()); break;
            case '}': _stack.Add(new PickledDictionary()); break;
            case 's': SetItems(PopMany(2)); break;
            case 'u': SetItems(PopToMark()); break;
            case 'q': _memo[Take(1).Span[0]] = Top(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span)] = Top(); break;
            case '\x94': _memo[(uint)_memo.Count] = Top(); break;
            case 'h': Recall(Take(1).Span[0]); break;
            case 'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span)); break;
            case 'c': PushName(Line(), Line()); break;
            case '\x93': PushNamePair(); break;
            case 'Q': _stack.Add(PickleNames.Storage(Pop())); break;
            case 'R': Call(); break;
            case 'b': Build(); break;
            default: throw new InvalidDataException($"its pickle has the instruction 0x{(int)code:x2} at byte {_at - 1}, which no state dict needs");
        }
    }

    private void PushInteger(int length) =>
        _stack.Add(length <= 8 ? (long)new BigInteger(Take(length).Span) : new BigInteger(Take(length).Span));

    private void PushText(int length) => _stack.Add(Encoding.UTF8.GetString(Take(length).Span));

    private void PushTuple(int count) => _stack.Add(new PickledTuple(PopMany(count)));

    private void PushName(string module, string name) => _stack.Add(PickleNames.Known(module, name));

    private void PushNamePair()
    {
        var pair = PopMany(2);
        if (pair is not [string module, string name])
            throw Damaged("a name that is no text");
        PushName(module, name);
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list)
            throw Damaged("an element without its list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not PickledDictionary dictionary || items.Length % 2 != 0)
            throw Damaged("a pair without its dictionary");
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Items.Add(new(items[i], items[i + 1]));
    }

    private void Recall(uint key) => _stack.Add(_memo.TryGetValue(key, out var value) ? value : throw Damaged("a reference to nothing"));

    private void Call()
    {
        if (PopMany(2) is not [PickledName callee, PickledTuple arguments])
            throw Damaged("a call of something that is no name");
        _stack.Add(PickleNames.Make(callee, arguments.Items));
    }

    // An ordered dictionary may carry attributes (_metadata); they decide nothing.
    private void Build()
    {
        Pop();
        if (Top() is not PickledDictionary)
            throw Damaged("attributes of something that is no dictionary");
    }

    private object? Top() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Damaged("an instruction without its operand");

    private object? Pop()
    {
        var top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        var at = _stack.LastIndexOf(Mark);
        if (at < 0)
            throw Damaged("an end without its beginning");
        object?[] items = [.. _stack.Skip(at + 1)];
        _stack.RemoveRange(at, _stack.Count - at);
        return items;
    }

    private string Line()
    {
        var length = _program.Span[_at..].IndexOf((byte)'\n');
        if (length < 0)
            throw Damaged("a line without its end");
        var text = Encoding.UTF8.GetString(Take(length).Span);
        Take(1);
        return text;
    }

    private int Length(int bytes)
    {
        var span = Take(bytes).Span;
        var length = bytes switch { 1 => span[0], 4 => BinaryPrimitives.ReadUInt32LittleEndian(span), _ => BinaryPrimitives.ReadUInt64LittleEndian(span) };
        return length <= (ulong)(_program.Length - _at) ? (int)length : throw Damaged("a text longer than itself");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > _program.Length - _at)
            throw Damaged("no end");
        var bytes = _program.Slice(_at, length);
        _at += length;
        return bytes;
    }

    private InvalidDataException Damaged(string what) => new($"its pickle is damaged: it has {what} at byte {_at}");
}
