// The model in a program for the host, as firmware would use it: no interpreter here, so the outputs are written by hand.
// It prints what the header tells, plants bolts and nuts in the output maps, and checks what the post-process makes of them.
#include "parts_detector.h"
#include "parts_detector_postprocess.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace post = parts_detector_postprocess;

static int failures = 0;

static void check(bool right, const char* what) {
  if (!right) {
    std::printf("wrong: %s\n", what);
    failures++;
  }
}

static bool near(float a, float b) { return std::fabs(a - b) < 0.001f; }

// The six outputs of the network, in its order, as the interpreter of TensorFlow Lite Micro would hold them.
static post::Code codes[post::kOutputs][post::kCells * (post::kScoreChannels > 4 ? post::kScoreChannels : 4)];
static const post::Code* outputs[post::kOutputs];

static void clear() {
  for (int k = 0; k < post::kOutputs; k++)
    outputs[k] = codes[k];
  std::memset(codes, 0x80, sizeof(codes));  // -128: as unlikely as it gets.
}

// The code of a distance in strides.
static post::Code distance_code(float strides) {
  const float code = std::round(strides / PARTS_DETECTOR_BOXES_16_SCALE) + PARTS_DETECTOR_BOXES_16_ZERO_POINT;
  return static_cast<post::Code>(code < -128.0f ? -128.0f : code > 127.0f ? 127.0f : code);
}

// What such a distance is after it has become a code: in pixels of the input.
static float pixels(float strides) {
  return static_cast<float>(distance_code(strides) - PARTS_DETECTOR_BOXES_16_ZERO_POINT) * PARTS_DETECTOR_BOXES_16_SCALE * 16.0f;
}

// The probability that a code of the scores means.
static float probability(int code) {
  return 1.0f / (1.0f + std::exp(-static_cast<float>(code - PARTS_DETECTOR_SCORES_16_ZERO_POINT) * PARTS_DETECTOR_SCORES_16_SCALE));
}

// An object at a cell of the level of stride 16, reaching some strides to each side.
static void plant(int column, int row, int label, int score, float strides) {
  const int cell = row * (PARTS_DETECTOR_IMAGE_SIZE / 16) + column;
  codes[PARTS_DETECTOR_SCORES_16_INDEX][cell * PARTS_DETECTOR_SCORES_16_CHANNELS + label] = static_cast<post::Code>(score);
  for (int side = 0; side < 4; side++)
    codes[PARTS_DETECTOR_BOXES_16_INDEX][cell * 4 + side] = distance_code(strides);
}

int main() {
  std::printf("parts_detector: %u bytes, %d KiB of arena, %d operators, input %dx%d, classes", parts_detector_tflite_size,
              PARTS_DETECTOR_ARENA_BYTES / 1024, PARTS_DETECTOR_OPERATOR_COUNT, PARTS_DETECTOR_IMAGE_SIZE, PARTS_DETECTOR_IMAGE_SIZE);
  for (const char* label : parts_detector_labels)
    std::printf(" %s", label);
  std::printf("\n");
  check(std::memcmp(parts_detector_tflite + 4, "TFL3", 4) == 0, "the array is no .tflite file");
  check(reinterpret_cast<std::uintptr_t>(parts_detector_tflite) % 16 == 0, "the array is not aligned");
  check(std::strcmp(parts_detector_labels[0], "bolt") == 0 && std::strcmp(parts_detector_labels[1], "nut") == 0, "the labels");

  static post::Candidate candidates[32];
  static post::Detection found[8];
  clear();
  const float threshold = probability(80), overlap = 0.01f;
  check(post::decode(outputs, candidates, found, threshold) == 0, "something was found in nothing");

  plant(2, 3, 0, 120, 1.5f);
  plant(3, 3, 0, 110, 1.5f);  // The same bolt, less sure: suppressed.
  plant(5, 5, 1, 100, 1.0f);
  plant(7, 7, 2, 80, 1.0f);   // Not above the threshold.
  std::size_t count = post::decode(outputs, candidates, found, threshold, overlap);
  check(count == 2, "two objects were planted");
  check(found[0].class_index == 0 && found[1].class_index == 1 && found[0].score > found[1].score, "classes, best first");
  const float x = (2 + PARTS_DETECTOR_POINT_OFFSET) * 16, y = (3 + PARTS_DETECTOR_POINT_OFFSET) * 16, reach = pixels(1.5f);
  check(near(found[0].x1, x - reach) && near(found[0].y1, y - reach) && near(found[0].x2, x + reach) && near(found[0].y2, y + reach), "the box");

  // The same in a picture of 640 x 480 that was stretched to the input.
  post::decode(outputs, candidates, found, threshold, overlap, post::stretched(640, 480));
  check(near(found[0].x1, (x - reach) * 640 / PARTS_DETECTOR_IMAGE_SIZE) && near(found[0].y2, (y + reach) * 480 / PARTS_DETECTOR_IMAGE_SIZE), "the box in the picture");

  // Room for one only: the best one.
  static post::Detection best[1];
  check(post::decode(outputs, candidates, best, threshold) == 1 && best[0].class_index == 0, "the best one stays");

  // The same as the SSCMA-Micro firmware would report it.
  static post::DeviceBox boxes[8];
  count = post::decode_as_device(outputs, candidates, boxes, threshold, overlap);
  check(count >= 2 && near(boxes[0].center_x, x / PARTS_DETECTOR_IMAGE_SIZE) && near(boxes[0].width, 2 * reach / PARTS_DETECTOR_IMAGE_SIZE), "the device's box");

  std::printf(failures == 0 ? "post-process: right\n" : "post-process: wrong\n");
  return failures == 0 ? 0 : 1;
}
