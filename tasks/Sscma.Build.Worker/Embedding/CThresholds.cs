namespace Sscma.Build.Worker.Embedding;

/// <summary>The two functions of the post-process that differ between outputs of codes and of floats.</summary>
internal static class CThresholds
{
    /// <summary>For integers.</summary>
    public const string OfCodes = """
        // The least code with a greater probability than the threshold, or kHighestCode + 1: so exp is asked eight times, not once per score.
        inline int least_code_above(const Level& level, float threshold) noexcept {
          int low = kLowestCode;
          int high = kHighestCode + 1;
          while (low < high) {
            const int middle = low + (high - low) / 2;
            if (probability(level, middle) > threshold)
              high = middle;
            else
              low = middle + 1;
          }
          return low;
        }

        // The device's threshold: rounded down, so that a logit of up to one step below it passes.
        inline int device_threshold(const Level& level, float threshold) noexcept {
          const float code = std::floor(std::log(threshold / most(1.0f - threshold, kEpsilon)) / level.score_scale) + static_cast<float>(level.score_zero);
          if (!(code <= static_cast<float>(kHighestCode)))
            return kHighestCode + 1;
          return code < static_cast<float>(kLowestCode) ? kLowestCode : static_cast<int>(code);
        }
        """;

    /// <summary>For floats.</summary>
    public const string OfFloats = """
        // The least logit with a greater probability than the threshold, or one beyond all of them: so exp is asked forty times, not once per score.
        inline float least_code_above(const Level& level, float threshold) noexcept {
          float low = -200.0f;  // Its probability is 0, that of the other end 1.
          float high = 200.0f;
          if (!(probability(level, high) > threshold))
            return HUGE_VALF;
          for (float middle = 0.0f; middle > low && middle < high; middle = low + (high - low) / 2.0f) {
            if (probability(level, middle) > threshold)
              high = middle;
            else
              low = middle;
          }
          return high;
        }

        // The device itself runs no floats: the threshold as it is.
        inline float device_threshold(const Level&, float threshold) noexcept { return std::log(threshold / most(1.0f - threshold, kEpsilon)); }
        """;
}
