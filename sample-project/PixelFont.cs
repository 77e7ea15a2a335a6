using SkiaSharp;

namespace HardwareParts;

/// <summary>Letters of 5 × 7 squares: readable on a machine without any font, as servers and containers are.</summary>
internal static class PixelFont
{
    public const int Height = 7;

    private const int Width = 5;
    private const string Unknown = "11111 10001 10001 10001 10001 10001 11111";

    // Seven rows of five, from the top.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['a'] = "00000 00000 01110 00001 01111 10001 01111", ['b'] = "10000 10000 11110 10001 10001 10001 11110",
        ['c'] = "00000 00000 01110 10000 10000 10001 01110", ['d'] = "00001 00001 01111 10001 10001 10001 01111",
        ['e'] = "00000 00000 01110 10001 11111 10000 01110", ['f'] = "00110 01000 11110 01000 01000 01000 01000",
        ['g'] = "00000 01111 10001 10001 01111 00001 01110", ['h'] = "10000 10000 11110 10001 10001 10001 10001",
        ['i'] = "00100 00000 01100 00100 00100 00100 01110", ['j'] = "00010 00000 00110 00010 00010 10010 01100",
        ['k'] = "10000 10000 10010 10100 11000 10100 10010", ['l'] = "01100 00100 00100 00100 00100 00100 01110",
        ['m'] = "00000 00000 11010 10101 10101 10101 10101", ['n'] = "00000 00000 11110 10001 10001 10001 10001",
        ['o'] = "00000 00000 01110 10001 10001 10001 01110", ['p'] = "00000 11110 10001 10001 11110 10000 10000",
        ['q'] = "00000 01111 10001 10001 01111 00001 00001", ['r'] = "00000 00000 10110 11000 10000 10000 10000",
        ['s'] = "00000 00000 01111 10000 01110 00001 11110", ['t'] = "01000 01000 11110 01000 01000 01001 00110",
        ['u'] = "00000 00000 10001 10001 10001 10011 01101", ['v'] = "00000 00000 10001 10001 10001 01010 00100",
        ['w'] = "00000 00000 10001 10101 10101 10101 01010", ['x'] = "00000 00000 10001 01010 00100 01010 10001",
        ['y'] = "00000 10001 10001 10001 01111 00001 01110", ['z'] = "00000 00000 11111 00010 00100 01000 11111",
        ['0'] = "01110 10001 10011 10101 11001 10001 01110", ['1'] = "00100 01100 00100 00100 00100 00100 01110",
        ['2'] = "01110 10001 00001 00110 01000 10000 11111", ['3'] = "11110 00001 00001 01110 00001 00001 11110",
        ['4'] = "00010 00110 01010 10010 11111 00010 00010", ['5'] = "11111 10000 11110 00001 00001 10001 01110",
        ['6'] = "00110 01000 10000 11110 10001 10001 01110", ['7'] = "11111 00001 00010 00100 00100 01000 01000",
        ['8'] = "01110 10001 10001 01110 10001 10001 01110", ['9'] = "01110 10001 10001 01111 00001 00010 01100",
        [' '] = "00000 00000 00000 00000 00000 00000 00000", ['.'] = "00000 00000 00000 00000 00000 01100 01100",
        ['-'] = "00000 00000 00000 01110 00000 00000 00000", ['_'] = "00000 00000 00000 00000 00000 00000 11111",
    };

    /// <summary>Width of a text in squares.</summary>
    public static int Measure(string text) => text.Length * (Width + 1) - 1;

    /// <summary>Writes a text; letters it does not know become boxes.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">One line.</param>
    /// <param name="x">Left of the first letter.</param>
    /// <param name="y">Top of the letters.</param>
    /// <param name="square">Side of a square.</param>
    /// <param name="ink">Colour.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float y, float square, SKPaint ink)
    {
        foreach (var letter in text.ToLowerInvariant())
        {
            var rows = Glyphs.GetValueOrDefault(letter, Unknown).Split(' ');
            for (var row = 0; row < Height; row++)
            {
                for (var column = 0; column < Width; column++)
                {
                    if (rows[row][column] == '1')
                        canvas.DrawRect(x + column * square, y + row * square, square, square, ink);
                }
            }

            x += (Width + 1) * square;
        }
    }
}
