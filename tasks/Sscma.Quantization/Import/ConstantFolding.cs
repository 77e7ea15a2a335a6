using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <summary>Computes nodes whose operands are constants: what exporters write around shapes, and weights that are stored as codes.</summary>
internal static class ConstantFolding
{
    /// <summary>The node's result; null where the operator is not folded.</summary>
    /// <exception cref="InvalidDataException">The operands do not fit.</exception>
    public static Numbers? Fold(OnnxNode node, Numbers?[] operands)
    {
        Numbers Operand(int index) => index < operands.Length && operands[index] is { } operand
            ? operand
            : throw new InvalidDataException($"operand {index} is missing");
        long[]? List(int index, string attribute) =>
            index < operands.Length && operands[index] is { } list ? Array.ConvertAll(list.Data, value => (long)value) : node.Has(attribute) ? node.Ints(attribute) : null;

        switch (node.Op)
        {
            case "Add":
                return Pair(Operand(0), Operand(1), (a, b) => a + b);
            case "Sub":
                return Pair(Operand(0), Operand(1), (a, b) => a - b);
            case "Mul":
                return Pair(Operand(0), Operand(1), (a, b) => a * b);
            case "Div":
                return Operand(0).IsWhole
                    ? Pair(Operand(0), Operand(1), (a, b) => b != 0 ? Math.Truncate(a / b) : throw new InvalidDataException("division by zero"))
                    : Pair(Operand(0), Operand(1), (a, b) => a / b);
            case "Equal":
                return Pair(Operand(0), Operand(1), (a, b) => a == b ? 1 : 0) with { Type = OnnxType.Bool };
            case "Pow":
                return Pair(Operand(0), Operand(1), Math.Pow);
            case "Neg":
                return Each(Operand(0), value => -value);
            case "Sqrt":
                return Each(Operand(0), Math.Sqrt);
            case "Exp":
                return Each(Operand(0), Math.Exp);
            case "Floor":
                return Each(Operand(0), Math.Floor);
            case "Ceil":
                return Each(Operand(0), Math.Ceiling);
            case "Where":
                var (choice, yes, no) = (Operand(0), Operand(1), Operand(2));
                var shape = Joint(Joint(choice.Shape, yes.Shape), no.Shape);
                var (chosen, first, second) = (choice.Broadcast(shape).Data, yes.Broadcast(shape).Data, no.Broadcast(shape).Data);
                return yes with { Data = [.. chosen.Select((one, i) => one != 0 ? first[i] : second[i])], Shape = shape };
            case "Cast":
                return Cast(Operand(0), (OnnxType)node.Int("to", 0));
            case "Gather":
                return Gather(Operand(0), Operand(1), node.Int("axis", 0));
            case "Concat":
                return Concat([.. operands.Select((_, i) => Operand(i))], node.Int("axis", 0));
            case "Slice":
                return Slice(Operand(0), List(1, "starts") ?? [], List(2, "ends") ?? [], List(3, "axes"), List(4, "steps"));
            case "Transpose":
                var axes = node.Ints("perm", [.. Enumerable.Range(0, Operand(0).Shape.Length).Reverse().Select(axis => (long)axis)]);
                return Transpose(Operand(0), axes);
            case "Reshape":
                return Operand(0) with { Shape = Shapes.Resolve(List(1, "shape") ?? [], Operand(0).Shape, node.Int("allowzero", 0) != 0) };
            case "Flatten":
                return Operand(0) with { Shape = Shapes.Flattened(Operand(0).Shape, node.Int("axis", 1)) };
            case "Squeeze":
                return Operand(0) with { Shape = Shapes.Squeezed(Operand(0).Shape, List(1, "axes")) };
            case "Unsqueeze":
                return Operand(0) with { Shape = Shapes.Unsqueezed(Operand(0).Shape, List(1, "axes") ?? []) };
            case "Expand":
                return Operand(0).Broadcast(Joint(Operand(0).Shape, List(1, "shape") ?? []));
            case "ConstantOfShape":
                var fill = node.Attributes is [{ Value: OnnxTensor { Count: 1 } tensor }] ? Numbers.Of(tensor) : new Numbers([0], [1], OnnxType.Float);
                var extents = List(0, "shape") ?? [];
                return fill is null ? null : new Numbers([.. Enumerable.Repeat(fill.Data[0], Numbers.CountOf(extents))], extents, fill.Type);
            case "Range":
                return Range(Operand(0), Operand(1), Operand(2));
            case "DequantizeLinear":
                return Dequantize(Operand(0), Operand(1), operands.Length > 2 ? operands[2] : null, node.Int("axis", 1));
            default:
                return null;
        }
    }

    /// <summary>The shape over which two shapes spread.</summary>
    public static long[] Joint(long[] a, long[] b)
    {
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (one, other) = (i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
            shape[^i] = one == other || other == 1 ? one : one == 1 ? other : throw new InvalidDataException($"the shapes [{string.Join(',', a)}] and [{string.Join(',', b)}] do not fit");
        }

        Numbers.CountOf(shape);
        return shape;
    }

    private static Numbers Pair(Numbers a, Numbers b, Func<double, double, double> compute)
    {
        var shape = Joint(a.Shape, b.Shape);
        var (first, second) = (a.Broadcast(shape).Data, b.Broadcast(shape).Data);
        return a with { Data = [.. first.Zip(second, compute)], Shape = shape };
    }

    private static Numbers Each(Numbers a, Converter<double, double> compute) => a with { Data = Array.ConvertAll(a.Data, compute) };

    private static Numbers Cast(Numbers a, OnnxType type)
    {
        var cast = a with { Type = type };
        return type switch
        {
            OnnxType.Bool => cast with { Data = Array.ConvertAll(a.Data, value => value != 0 ? 1.0 : 0) },
            _ when cast.IsWhole => cast with { Data = Array.ConvertAll(a.Data, Math.Truncate) },
            _ => cast,
        };
    }

    private static Numbers Gather(Numbers data, Numbers indices, long where)
    {
        var axis = data.Axis(where);
        long[] shape = [.. data.Shape[..axis], .. indices.Shape, .. data.Shape[(axis + 1)..]];
        var (from, rank) = (new long[data.Shape.Length], indices.Shape.Length);
        return data.Pick(shape, place =>
        {
            long at = 0;
            for (var i = 0; i < rank; i++)
                at = (at * indices.Shape[i]) + place[axis + i];
            Array.Copy(place, from, axis);
            from[axis] = (long)indices.Data[at] is var index and < 0 ? index + data.Shape[axis] : (long)indices.Data[at];
            Array.Copy(place, axis + rank, from, axis + 1, from.Length - axis - 1);
            return from;
        });
    }

    private static Numbers Concat(Numbers[] parts, long where)
    {
        var axis = parts[0].Axis(where);
        if (parts.Any(part => part.Shape.Length != parts[0].Shape.Length || part.Shape.Where((extent, i) => i != axis && extent != parts[0].Shape[i]).Any()))
            throw new InvalidDataException("constants of different shapes are joined");
        var shape = (long[])parts[0].Shape.Clone();
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        var data = new List<double>(Numbers.CountOf(shape));
        var (outer, inner) = (Numbers.CountOf(shape[..axis]), Numbers.CountOf(shape[(axis + 1)..]));
        for (var i = 0; i < outer; i++)
        {
            foreach (var part in parts)
                data.AddRange(part.Data.AsSpan(i * (int)part.Shape[axis] * inner, (int)part.Shape[axis] * inner));
        }

        return parts[0] with { Data = [.. data], Shape = shape };
    }

    private static Numbers Slice(Numbers data, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        var cut = Shapes.Cut(data.Shape, starts, ends, axes, steps);
        var from = new long[data.Shape.Length];
        return data.Pick([.. cut.Select(part => part.Count)], place =>
        {
            for (var axis = 0; axis < from.Length; axis++)
                from[axis] = cut[axis].Begin + (place[axis] * cut[axis].Step);
            return from;
        });
    }

    private static Numbers Transpose(Numbers data, long[] axes)
    {
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, data.Shape.Length).Select(axis => (long)axis)))
            throw new InvalidDataException("its axes do not fit its operand");
        var from = new long[axes.Length];
        return data.Pick([.. axes.Select(axis => data.Shape[axis])], place =>
        {
            for (var i = 0; i < from.Length; i++)
                from[axes[i]] = place[i];
            return from;
        });
    }

    private static Numbers Range(Numbers start, Numbers limit, Numbers step)
    {
        if (start.Data.Length != 1 || limit.Data.Length != 1 || step.Data is not [not 0 and var delta])
            throw new InvalidDataException("a range needs three numbers, the last not zero");
        var count = Math.Max(0, Math.Ceiling((limit.Data[0] - start.Data[0]) / delta));
        var length = count <= Numbers.Most ? (int)count : throw new InvalidDataException("the range is too long");
        return new Numbers([.. Enumerable.Range(0, length).Select(i => start.Data[0] + (i * delta))], [length], start.Type);
    }

    private static Numbers Dequantize(Numbers codes, Numbers scale, Numbers? zero, long where)
    {
        var along = scale.Data.Length == 1 ? 0 : codes.Axis(where);
        if (scale.Data.Length != 1 && scale.Data.Length != codes.Shape[along])
            throw new InvalidDataException("its scales do not fit its codes");
        if (zero is not null && zero.Data.Length != scale.Data.Length)
            throw new InvalidDataException("its zero points do not fit its scales");
        var inner = scale.Data.Length == 1 ? 1 : Math.Max(1, Numbers.CountOf(codes.Shape[(along + 1)..]));
        var data = new double[codes.Data.Length];
        for (var i = 0; i < data.Length; i++)
        {
            var channel = i / inner % scale.Data.Length;
            data[i] = (codes.Data[i] - (zero?.Data[channel] ?? 0)) * scale.Data[channel];
        }

        return new Numbers(data, codes.Shape, OnnxType.Float);
    }
}
