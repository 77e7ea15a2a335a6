using System.Numerics;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// The weight's gradient of a depthwise convolution of stride 1 over channels-last memory: dw[ky, kx, c] = Σ dy[n, y, x, c]·x[n, y + ky − p, x + kx − p, c].
/// A lane of a vector is a channel. Sums are float32 over a few rows of one image and float64 from there on, image after image, so they do not depend on the number of threads.
/// </summary>
internal sealed unsafe class DepthwiseKernel
{
    private const int PixelsPerSum = 64;
    private static readonly int Lanes = Vector<float>.Count;

    private readonly int _images, _channels, _height, _width, _kernel, _padding, _rowsPerSum;

    /// <summary>A kernel for a value of the shape (N, C, H, W) and a square window, odd.</summary>
    public DepthwiseKernel(long[] shape, int kernel)
    {
        (_images, _channels, _height, _width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        (_kernel, _padding, _rowsPerSum) = (kernel, kernel / 2, Math.Max(1, PixelsPerSum / _width));
    }

    private int PaddedRow => (_width + (2 * _padding)) * _channels;

    private int Row => _width * _channels;

    /// <summary>The gradient, as (Kernel, Kernel, C).</summary>
    /// <param name="x">The input, (N, H, W, C).</param>
    /// <param name="dy">The result's gradient, (N, H, W, C).</param>
    public float[] WeightGradient(float* x, float* dy)
    {
        var parts = new double[_images][];
        void Sum(int from, int to)
        {
            var padded = new float[(_height + (2 * _padding)) * PaddedRow];
            for (var image = from; image < to; image++)
            {
                Pad(x + ((long)image * _height * Row), padded);
                AddImage(padded, dy + ((long)image * _height * Row), parts[image] = new double[_kernel * _kernel * _channels]);
            }
        }

        var threads = Math.Min(get_num_threads(), _images);
        if (threads < 2)
            Sum(0, _images);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => Sum(_images * thread / threads, _images * (thread + 1) / threads));

        var sums = new double[_kernel * _kernel * _channels];
        foreach (var part in parts)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += part[i];
        }

        return Array.ConvertAll(sums, sum => (float)sum);
    }

    // Zeros around an image, so that no window reaches over its edges. The zeros are those of the new array.
    private void Pad(float* image, float[] padded)
    {
        for (var y = 0; y < _height; y++)
            new ReadOnlySpan<float>(image + (y * Row), Row).CopyTo(padded.AsSpan(((y + _padding) * PaddedRow) + (_padding * _channels)));
    }

    private void AddImage(float[] padded, float* dy, double[] sums)
    {
        fixed (float* x = padded)
        fixed (double* sum = sums)
        {
            for (var y = 0; y < _height; y += _rowsPerSum)
            {
                var rows = Math.Min(_rowsPerSum, _height - y);
                for (var ky = 0; ky < _kernel; ky++)
                    AddRows(x + ((y + ky) * PaddedRow), dy + (y * Row), rows, sum + (ky * _kernel * _channels));
            }
        }
    }

    // Some rows of the image under one row of the window.
    private void AddRows(float* x, float* dy, int rows, double* sums)
    {
        var c = 0;
        for (; c <= _channels - Lanes; c += Lanes)
        {
            var kx = 0;
            for (; kx <= _kernel - 5; kx += 5)
                AddFive(x + (kx * _channels) + c, dy + c, rows, sums + (kx * _channels) + c);
            for (; kx <= _kernel - 3; kx += 3)
                AddThree(x + (kx * _channels) + c, dy + c, rows, sums + (kx * _channels) + c);
            for (; kx < _kernel; kx++)
                AddOne(x + (kx * _channels) + c, dy + c, rows, sums + (kx * _channels) + c);
        }

        for (; c < _channels; c++)
        {
            for (var kx = 0; kx < _kernel; kx++)
                AddScalar(x + (kx * _channels) + c, dy + c, rows, sums + (kx * _channels) + c);
        }
    }

    // Five columns of the window: each number of the gradient is fetched once for all.
    private void AddFive(float* x, float* dy, int rows, double* sums)
    {
        var (s0, s1, s2, s3, s4) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var step = _channels;
        for (var y = 0; y < rows; y++, x += PaddedRow, dy += Row)
        {
            var from = x;
            for (var at = dy; at < dy + Row; at += step, from += step)
            {
                var g = Vector.Load(at);
                s0 = Vector.FusedMultiplyAdd(g, Vector.Load(from), s0);
                s1 = Vector.FusedMultiplyAdd(g, Vector.Load(from + step), s1);
                s2 = Vector.FusedMultiplyAdd(g, Vector.Load(from + (2 * step)), s2);
                s3 = Vector.FusedMultiplyAdd(g, Vector.Load(from + (3 * step)), s3);
                s4 = Vector.FusedMultiplyAdd(g, Vector.Load(from + (4 * step)), s4);
            }
        }

        WideSums.Add(sums, s0);
        WideSums.Add(sums + step, s1);
        WideSums.Add(sums + (2 * step), s2);
        WideSums.Add(sums + (3 * step), s3);
        WideSums.Add(sums + (4 * step), s4);
    }

    private void AddThree(float* x, float* dy, int rows, double* sums)
    {
        var (s0, s1, s2) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var step = _channels;
        for (var y = 0; y < rows; y++, x += PaddedRow, dy += Row)
        {
            var from = x;
            for (var at = dy; at < dy + Row; at += step, from += step)
            {
                var g = Vector.Load(at);
                s0 = Vector.FusedMultiplyAdd(g, Vector.Load(from), s0);
                s1 = Vector.FusedMultiplyAdd(g, Vector.Load(from + step), s1);
                s2 = Vector.FusedMultiplyAdd(g, Vector.Load(from + (2 * step)), s2);
            }
        }

        WideSums.Add(sums, s0);
        WideSums.Add(sums + step, s1);
        WideSums.Add(sums + (2 * step), s2);
    }

    private void AddOne(float* x, float* dy, int rows, double* sums)
    {
        var sum = Vector<float>.Zero;
        for (var y = 0; y < rows; y++, x += PaddedRow, dy += Row)
        {
            for (var at = 0; at < Row; at += _channels)
                sum = Vector.FusedMultiplyAdd(Vector.Load(dy + at), Vector.Load(x + at), sum);
        }

        WideSums.Add(sums, sum);
    }

    private void AddScalar(float* x, float* dy, int rows, double* sum)
    {
        var part = 0f;
        for (var y = 0; y < rows; y++, x += PaddedRow, dy += Row)
        {
            for (var at = 0; at < Row; at += _channels)
                part = MathF.FusedMultiplyAdd(dy[at], x[at], part);
        }

        *sum += part;
    }
}
