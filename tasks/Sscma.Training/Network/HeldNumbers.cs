using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// Operations with a number. TorchSharp turns a number into a native scalar, hands libtorch its address and lets go of it: now and then the collector
/// frees the scalar before libtorch has read it, and a training of many thousand steps ends with an error or a wrong step. Here the scalar lives until the operation is done.
/// Sums are concerned twice: they carry a factor of 1 for what is added.
/// </summary>
internal static class HeldNumbers
{
    private static readonly TorchSharp.Scalar One = 1;

    /// <summary>x + other.</summary>
    public static Tensor Plus(this Tensor x, Tensor other) => x.add(other, One);

    /// <summary>x · factor.</summary>
    public static Tensor Times(this Tensor x, double factor)
    {
        using TorchSharp.Scalar held = factor;
        return x.mul(held);
    }

    /// <summary>x · factor, in place.</summary>
    public static Tensor MultiplyBy(this Tensor x, double factor)
    {
        using TorchSharp.Scalar held = factor;
        return x.mul_(held);
    }

    /// <summary>x / divisor, in place.</summary>
    public static Tensor DivideBy(this Tensor x, double divisor)
    {
        using TorchSharp.Scalar held = divisor;
        return x.div_(held);
    }

    /// <summary>x + number, in place.</summary>
    public static Tensor Increase(this Tensor x, double number)
    {
        using TorchSharp.Scalar held = number;
        return x.add_(held, One);
    }

    /// <summary>x + other, in place.</summary>
    public static Tensor Increase(this Tensor x, Tensor other) => x.add_(other, One);

    /// <summary>x + factor · other, in place.</summary>
    public static Tensor Increase(this Tensor x, Tensor other, double factor)
    {
        using TorchSharp.Scalar held = factor;
        return x.add_(other, held);
    }

    /// <summary>x + factor · a · b, in place.</summary>
    public static Tensor IncreaseByProduct(this Tensor x, Tensor a, Tensor b, double factor)
    {
        using TorchSharp.Scalar held = factor;
        return x.addcmul_(a, b, held);
    }

    /// <summary>x + factor · a / b, in place.</summary>
    public static Tensor IncreaseByQuotient(this Tensor x, Tensor a, Tensor b, double factor)
    {
        using TorchSharp.Scalar held = factor;
        return x.addcdiv_(a, b, held);
    }

    /// <summary>number − x.</summary>
    public static Tensor From(this Tensor x, double number)
    {
        using TorchSharp.Scalar held = number;
        return x.neg().add(held, One);
    }

    /// <summary>max(x, least).</summary>
    public static Tensor AtLeast(this Tensor x, double least)
    {
        using TorchSharp.Scalar held = least;
        return x.clamp_min(held);
    }

    /// <summary>The nearest number to x from low to high.</summary>
    public static Tensor Within(this Tensor x, double low, double high)
    {
        using TorchSharp.Scalar heldLow = low, heldHigh = high;
        return x.clamp(heldLow, heldHigh);
    }

    /// <summary>x to the power of an exponent.</summary>
    public static Tensor ToThe(this Tensor x, double exponent)
    {
        using TorchSharp.Scalar held = exponent;
        return x.pow(held);
    }

    /// <summary>x, but another number where the mask is true, in place.</summary>
    public static Tensor Replace(this Tensor x, Tensor mask, double number)
    {
        using TorchSharp.Scalar held = number;
        return x.masked_fill_(mask, held);
    }

    /// <summary>Where x is a number.</summary>
    public static Tensor Is(this Tensor x, double number)
    {
        using TorchSharp.Scalar held = number;
        return x.eq(held);
    }

    /// <summary>The one number in a tensor.</summary>
    public static double Number(this Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.detach().to_type(ScalarType.Float64).cpu().data<double>()[0];
    }
}
