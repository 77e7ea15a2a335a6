using Sscma.Detection;

namespace Sscma.Training.Assignment;

/// <summary>
/// Decides which cells answer for which object, by what the network says now: an object gets as many cells as its best
/// overlaps sum up to, and takes the cheapest ones by overlap, class score and distance.
/// Source: SSCMA ModelAssistant, state of December 2024 (batched dynamic soft label assigner of RTMDet). All arithmetic is
/// float32 in the reference's order, so that equal inputs give equal assignments.
/// </summary>
public static class DynamicSoftLabelAssigner
{
    private const float IouWeight = 3;
    private const float CentreRadius = 3;
    private const float Unreachable = 1e8f;
    private const float Eps = 1e-7f;

    /// <summary>Assigns one image.</summary>
    /// <param name="points">The N cells.</param>
    /// <param name="boxes">The cells' boxes as the network says them, (N).</param>
    /// <param name="logits">The cells' class logits, (N, C).</param>
    /// <param name="truth">The objects. A box whose coordinates sum up to 0 or less counts as padding; real ones come first.</param>
    /// <param name="slots">
    /// The largest number of objects in any image of the batch. The reference pads every image to it with empty boxes, and
    /// these take part when a cell that several objects claim is given to the cheapest one.
    /// </param>
    /// <param name="topk">How many of the best overlaps are summed up.</param>
    public static CellTargets Assign(CellPoints points, ReadOnlySpan<Box> boxes, ReadOnlySpan<float> logits, GroundTruth truth, int slots, int topk)
    {
        var cells = points.Count;
        var classes = logits.Length / cells;
        var targets = new CellTargets(new int[cells], new Box[cells], new float[cells], new bool[cells]);
        Array.Fill(targets.Labels, classes);
        var real = truth.Boxes.Count(IsReal);
        if (real == 0)
            return targets;

        var valid = FindValid(points, truth);
        var overlaps = new float[slots][];
        var costs = new float[slots][];
        for (var slot = 0; slot < slots; slot++)
        {
            var (box, label) = slot < truth.Count ? (truth.Boxes[slot], truth.Labels[slot]) : default;
            overlaps[slot] = Overlaps(boxes, box);
            costs[slot] = Costs(points, valid, overlaps[slot], logits, box, label);
        }

        var owners = Match(costs, overlaps, real, topk);
        for (var cell = 0; cell < cells; cell++)
        {
            if (owners[cell] is not (>= 0 and var owner))
                continue;
            targets.Foreground[cell] = true;
            targets.Labels[cell] = owner < truth.Count ? truth.Labels[owner] : 0;
            targets.Boxes[cell] = owner < truth.Count ? truth.Boxes[owner] : default;
            targets.Metrics[cell] = overlaps[owner][cell];
        }

        return targets;
    }

    private static bool IsReal(Box box) => box.X1 + box.Y1 + box.X2 + box.Y2 > 0;

    /// <summary>A cell is valid when its point lies inside any object, whichever it is matched to in the end.</summary>
    private static bool[] FindValid(CellPoints points, GroundTruth truth)
    {
        var valid = new bool[points.Count];
        foreach (var box in truth.Boxes.Where(IsReal))
        {
            for (var cell = 0; cell < valid.Length; cell++)
            {
                float x = points.X[cell], y = points.Y[cell];
                valid[cell] |= x - box.X1 > 0 && y - box.Y1 > 0 && box.X2 - x > 0 && box.Y2 - y > 0;
            }
        }

        return valid;
    }

    private static float[] Overlaps(ReadOnlySpan<Box> boxes, in Box target)
    {
        var overlaps = new float[boxes.Length];
        var targetArea = target.Width * target.Height;
        for (var cell = 0; cell < boxes.Length; cell++)
        {
            ref readonly var box = ref boxes[cell];
            var width = MathF.Max(MathF.Min(box.X2, target.X2) - MathF.Max(box.X1, target.X1), 0);
            var height = MathF.Max(MathF.Min(box.Y2, target.Y2) - MathF.Max(box.Y1, target.Y1), 0);
            var shared = width * height;
            overlaps[cell] = shared / MathF.Max((box.Width * box.Height) + targetArea - shared, 1e-6f);
        }

        return overlaps;
    }

    /// <summary>What it costs to let each cell answer for one object.</summary>
    private static float[] Costs(CellPoints points, bool[] valid, float[] overlaps, ReadOnlySpan<float> logits, in Box box, int label)
    {
        var costs = new float[valid.Length];
        var classes = logits.Length / valid.Length;
        float centreX = (box.X1 + box.X2) / 2, centreY = (box.Y1 + box.Y2) / 2;
        for (var cell = 0; cell < costs.Length; cell++)
        {
            if (!valid[cell])
            {
                costs[cell] = Unreachable;
                continue;
            }

            float dx = points.X[cell] - centreX, dy = points.Y[cell] - centreY;
            var distance = MathF.Sqrt((dx * dx) + (dy * dy)) / points.Stride[cell];
            var centreCost = MathF.Pow(10, distance - CentreRadius);
            var overlapCost = -MathF.Log(overlaps[cell] + Eps) * IouWeight;
            costs[cell] = ClassCost(logits[(cell * classes) + label], overlaps[cell]) + overlapCost + centreCost;
        }

        return costs;
    }

    /// <summary>Binary cross entropy towards the overlap, weighed by the squared gap between score and overlap.</summary>
    private static float ClassCost(float logit, float overlap)
    {
        var entropy = MathF.Max(logit, 0) - (logit * overlap) + MathF.Log(1 + MathF.Exp(-MathF.Abs(logit)));
        var gap = MathF.Abs(overlap - (1 / (1 + MathF.Exp(-logit))));
        return entropy * (gap * gap);
    }

    /// <summary>The object of each cell, or −1. Each real object takes its cheapest cells; a cell that several take goes to the cheapest of all slots.</summary>
    private static int[] Match(float[][] costs, float[][] overlaps, int real, int topk)
    {
        var cells = costs[0].Length;
        var owners = new int[cells];
        var claims = new int[cells];
        Array.Fill(owners, -1);
        for (var slot = 0; slot < real; slot++)
        {
            foreach (var cell in Cheapest(costs[slot], CellsWanted(overlaps[slot], topk)))
            {
                owners[cell] = slot;
                claims[cell]++;
            }
        }

        for (var cell = 0; cell < cells; cell++)
        {
            if (claims[cell] > 1)
                owners[cell] = IndexOfLeast(costs, cell);
        }

        return owners;
    }

    private static int CellsWanted(float[] overlaps, int topk)
    {
        var best = Smallest(overlaps.Length, Math.Min(topk, overlaps.Length), (a, b) => overlaps[b].CompareTo(overlaps[a]));
        var sum = 0f;
        foreach (var cell in best)
            sum += overlaps[cell];
        return Math.Max(1, (int)sum);
    }

    private static int[] Cheapest(float[] costs, int count) => Smallest(costs.Length, Math.Min(count, costs.Length), (a, b) => costs[a].CompareTo(costs[b]));

    /// <summary>The first <paramref name="count"/> of 0…n−1 in an order; equals keep their index order. Insertion beats a full sort for so few.</summary>
    private static int[] Smallest(int n, int count, Comparison<int> order)
    {
        var best = new int[count];
        var length = 0;
        for (var i = 0; i < n; i++)
        {
            if (length == count && order(i, best[length - 1]) >= 0)
                continue;
            var at = length < count ? length++ : length - 1;
            for (; at > 0 && order(i, best[at - 1]) < 0; at--)
                best[at] = best[at - 1];
            best[at] = i;
        }

        return best;
    }

    private static int IndexOfLeast(float[][] costs, int cell)
    {
        var least = 0;
        for (var slot = 1; slot < costs.Length; slot++)
        {
            if (costs[slot][cell] < costs[least][cell])
                least = slot;
        }

        return least;
    }
}
