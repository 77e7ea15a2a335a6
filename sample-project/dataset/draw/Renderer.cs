namespace HardwareParts.Drawing;

/// <summary>
/// Draws a scene from straight above: heights first, then light and shadow on them.
/// Works on a grid of <see cref="Samples"/> × <see cref="Samples"/> points per pixel, which the camera averages.
/// </summary>
internal sealed class Renderer
{
    /// <summary>Points per pixel and axis. Boxes are exact to 1/4 of a pixel for it.</summary>
    public const int Samples = 4;

    private readonly Scene _scene;
    private readonly int _side;
    private readonly float[] _height;
    private readonly short[] _item;
    private readonly double _highest;

    /// <param name="scene">What to draw.</param>
    /// <param name="side">Width and height of the finished image, in pixels.</param>
    public Renderer(Scene scene, int side)
    {
        _scene = scene;
        _side = side * Samples;
        _height = new float[_side * _side];
        _item = new short[_side * _side];
        Array.Fill(_item, (short)-1);
        for (var index = 0; index < scene.Items.Count; index++)
            Lay((short)index, scene.Items[index]);
        _highest = _height.Max();
    }

    /// <summary>The tight boxes of what is seen of the parts.</summary>
    public IEnumerable<Box> Boxes()
    {
        for (var index = 0; index < _scene.Items.Count; index++)
        {
            if (_scene.Items[index].Kind is { } kind)
                yield return VisibleBox(index, kind);
        }
    }

    /// <summary>Linear light at every point, row by row.</summary>
    public Rgb[] Shade()
    {
        var light = new Rgb[_side * _side];
        var around = Blurred(_height, 4 * Samples);
        for (var y = 0; y < _side; y++)
        {
            for (var x = 0; x < _side; x++)
            {
                var point = y * _side + x;
                // Corners that higher things surround get less of the room's light.
                var open = 1 - 0.5 * Math.Clamp((around[point] - _height[point]) / 6, 0, 1);
                var lit = Lit(x, y);
                light[point] = (_item[point] < 0 ? OnBench(x, y, open, lit) : OnItem(_scene.Items[_item[point]], x, y, open, lit)) * _scene.Light.Cast;
            }
        }

        return light;
    }

    private Box VisibleBox(int item, int kind)
    {
        var (left, top, right, bottom) = (_side, _side, -1, -1);
        for (var point = 0; point < _item.Length; point++)
        {
            if (_item[point] != item)
                continue;
            var (x, y) = (point % _side, point / _side);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }

        const double Scale = 1.0 / Samples;
        return new Box(kind, left * Scale, top * Scale, (right + 1) * Scale, (bottom + 1) * Scale);
    }

    private void Lay(short index, Item item)
    {
        var (left, right) = Range(item.X, item.Reach);
        var (top, bottom) = Range(item.Y, item.Reach);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (u, v) = item.Local(Middle(x), Middle(y));
                var height = item.Shape.Height(u, v);
                if (height < 0)
                    continue;
                _height[y * _side + x] = (float)(item.Base + height * item.Radius);
                _item[y * _side + x] = index;
            }
        }
    }

    private (int First, int Last) Range(double middle, double reach) =>
        (Math.Max(0, (int)((middle - reach) * Samples) - 1), Math.Min(_side - 1, (int)((middle + reach) * Samples) + 1));

    private static double Middle(int sample) => (sample + 0.5) / Samples;

    private Rgb OnBench(int x, int y, double open, double lit)
    {
        var light = _scene.Light;
        return _scene.Bench.At(Middle(x), Middle(y)) * (light.Room * open + light.Lamp * light.Z * lit);
    }

    private Rgb OnItem(Item item, int x, int y, double open, double lit)
    {
        var (u, v) = item.Local(Middle(x), Middle(y));
        var (nx, ny, nz) = Normal(item, u, v);
        var light = _scene.Light;
        var material = item.Material;
        var facing = Math.Max(0, nx * light.X + ny * light.Y + nz * light.Z);
        var (mx, my, mz) = (2 * nz * nx, 2 * nz * ny, 2 * nz * nz - 1); // the view from above, mirrored at the surface
        var colour = material.At(u, v);
        if (material.Metal)
        {
            var mirrored = light.Surroundings(mx, my, mz, material.Gloss) * (0.45 + 0.55 * lit) * open;
            return colour * (0.75 * mirrored + 0.25 * (light.Room * open + light.Lamp * facing * lit));
        }

        var shine = material.Gloss * Math.Pow(Math.Max(0, mx * light.X + my * light.Y + mz * light.Z), 20) * light.Lamp * lit;
        return colour * (light.Room * open + light.Lamp * facing * lit) + Rgb.Grey(0.5 * shine);
    }

    private static (double X, double Y, double Z) Normal(Item item, double u, double v)
    {
        const double Step = 0.012;
        var shape = item.Shape;
        var here = shape.Height(u, v);
        var du = Slope(shape.Height(u - Step, v), here, shape.Height(u + Step, v)) / Step;
        var dv = Slope(shape.Height(u, v - Step), here, shape.Height(u, v + Step)) / Step;
        var (x, y) = item.Global(-du, -dv);
        var length = Math.Sqrt(x * x + y * y + 1);
        return (x / length, y / length, 1 / length);
    }

    // At an edge only one neighbour is part of the thing.
    private static double Slope(double before, double here, double after) =>
        before < 0 ? (after < 0 ? 0 : after - here) : after < 0 ? here - before : (after - before) / 2;

    /// <summary>How much of the lamp a point sees: walks towards it and looks for what stands higher.</summary>
    private double Lit(int x, int y)
    {
        var light = _scene.Light;
        var lit = 1.0;
        var height = _height[y * _side + x] + 0.05;
        const int Stride = Samples;
        var level = Math.Sqrt(light.X * light.X + light.Y * light.Y);
        for (var step = 1; ; step++)
        {
            var way = step * Stride;
            var ray = height + way / (double)Samples * light.Z / level;
            var (px, py) = ((int)(x + way * light.X / level), (int)(y + way * light.Y / level));
            if (ray > _highest + 1 || px < 0 || py < 0 || px >= _side || py >= _side)
                return lit;
            var gap = (ray - _height[py * _side + px]) / (light.Softness * step + 0.5);
            lit = Math.Min(lit, Math.Clamp(0.5 + gap, 0, 1));
            if (lit == 0)
                return 0;
        }
    }

    private float[] Blurred(float[] values, int radius) => Transposed(RowsBlurred(Transposed(RowsBlurred(values, radius)), radius));

    private float[] RowsBlurred(float[] values, int radius)
    {
        var blurred = new float[values.Length];
        for (var row = 0; row < values.Length; row += _side)
        {
            var sum = 0.0;
            for (var x = -radius; x < _side; x++)
            {
                sum += x + radius < _side ? values[row + x + radius] : 0;
                sum -= x - radius - 1 >= 0 ? values[row + x - radius - 1] : 0;
                if (x >= 0)
                    blurred[row + x] = (float)(sum / (2 * radius + 1));
            }
        }

        return blurred;
    }

    private float[] Transposed(float[] values)
    {
        var turned = new float[values.Length];
        for (var y = 0; y < _side; y++)
        {
            for (var x = 0; x < _side; x++)
                turned[x * _side + y] = values[y * _side + x];
        }

        return turned;
    }
}
