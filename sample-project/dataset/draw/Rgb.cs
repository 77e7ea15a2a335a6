namespace HardwareParts.Drawing;

/// <summary>A colour in linear light, 1 is white.</summary>
internal readonly record struct Rgb(double R, double G, double B)
{
    public static Rgb operator +(Rgb a, Rgb b) => new(a.R + b.R, a.G + b.G, a.B + b.B);

    public static Rgb operator *(Rgb a, Rgb b) => new(a.R * b.R, a.G * b.G, a.B * b.B);

    public static Rgb operator *(Rgb a, double factor) => new(a.R * factor, a.G * factor, a.B * factor);

    public static Rgb Grey(double value) => new(value, value, value);

    public static Rgb Mix(Rgb from, Rgb to, double t) => from * (1 - t) + to * t;

    /// <summary>From the bytes that a screen shows (sRGB, here with a plain exponent of 2.2).</summary>
    public static Rgb Screen(int r, int g, int b) =>
        new(Math.Pow(r / 255.0, 2.2), Math.Pow(g / 255.0, 2.2), Math.Pow(b / 255.0, 2.2));
}
