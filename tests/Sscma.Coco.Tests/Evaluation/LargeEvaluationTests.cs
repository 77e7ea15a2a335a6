using Sscma.Coco.Evaluation;

namespace Sscma.Coco.Tests;

/// <summary>Sizes at which blocks of the summation and ties of the sorting begin to matter; the numbers are the reference's.</summary>
[TestClass]
public sealed class LargeEvaluationTests
{
    [TestMethod]
    [DataRow(200, 20, 1500, 20, true, new[]
    {
        0.7065953322400399, 0.8166959407239259, 0.7981675337997858, 0.7095133170706054, 0.7204088682573008, 0.7484601279152848,
        0.478129892971686, 0.866101334871351, 0.8800646595086655, 0.8816639707181502, 0.8711774761256311, 0.8934416377603879,
    })]
    [DataRow(200, 20, 1500, 20, false, new[]
    {
        0.7898143191270748, 0.9048699747970297, 0.8904605476662248, 0.7841698002023755, 0.7965863806785618, 0.7953835229236327,
        0.11605937921727394, 0.7136302294197031, 0.9165317139001349, 0.9166942148760331, 0.9124248496993987, 0.9216931216931217,
    })]
    [DataRow(5000, 80, 36781, 10, true, new[]
    {
        0.6099158490617073, 0.6934124822970537, 0.6853087135571563, 0.6187657417906922, 0.6154160680743539, 0.61457277664784,
        0.452703389065028, 0.7260639218486813, 0.7260639218486813, 0.7277108264440264, 0.7273021219871129, 0.7206680416790231,
    })]
    public void Large_inputs_give_the_numbers_of_the_reference(int images, int classes, int objects, int detectionsPerImage, bool useCategories, double[] expected)
    {
        var result = CocoEvaluator.Evaluate(
            LargeCase.Make(images, classes, objects, detectionsPerImage), new EvaluationParameters { UseCategories = useCategories });
        CollectionAssert.AreEqual(expected, result.Stats.ToArray());
    }
}
