namespace Sscma.Quantization.Reports;

/// <summary>How alike the values of the file and of the float model are.</summary>
internal sealed class Likeness
{
    private double _float, _file, _product, _error;
    private long _count, _saturated;

    public double? SqnrDb => _error > 0 && _float > 0 ? Math.Round(10 * Math.Log10(_float / _error), 3) : null;

    public double? Cosine => _float > 0 && _file > 0 ? Math.Round(_product / Math.Sqrt(_float * _file), 7) : null;

    /// <summary>The part of the float values for which there is no code; null where nothing was compared.</summary>
    public double? Saturation => _count > 0 ? Math.Round((double)_saturated / _count, 7) : null;

    public void Add(double real, double inFile, bool saturated)
    {
        _float += real * real;
        _file += inFile * inFile;
        _product += real * inFile;
        _error += (real - inFile) * (real - inFile);
        _count++;
        _saturated += saturated ? 1 : 0;
    }
}
