// Decodes every case of a file and prints the boxes. Compiled by PostprocessProgram with -DMODEL=<namespace> and the generated header.
#include HEADER

#include <cstdio>
#include <cstring>

namespace post = MODEL;

static int output_bytes(int index) {
  for (const post::Level& level : post::kLevel) {
    if (level.scores == index)
      return level.side * level.side * post::kScoreChannels * static_cast<int>(sizeof(post::Code));
    if (level.boxes == index)
      return level.side * level.side * 4 * static_cast<int>(sizeof(post::Code));
  }
  return 0;
}

struct Case {
  std::int32_t as_device, width, height, candidates, detections;
  float score_threshold, iou_threshold;
};

static void print(const post::Detection& box) {
  std::printf("%d %.9g %.9g %.9g %.9g %.9g\n", box.class_index, static_cast<double>(box.x1), static_cast<double>(box.y1), static_cast<double>(box.x2),
              static_cast<double>(box.y2), static_cast<double>(box.score));
}

static void print(const post::DeviceBox& box) {
  std::printf("%d %.9g %.9g %.9g %.9g %.9g\n", box.class_index, static_cast<double>(box.center_x), static_cast<double>(box.center_y),
              static_cast<double>(box.width), static_cast<double>(box.height), static_cast<double>(box.score));
}

int main(int, char** arguments) {
  static post::Candidate candidates[post::kAllCandidates];
  static post::Detection detections[post::kAllCandidates];
  static post::DeviceBox boxes[post::kAllCandidates];
  static post::Code codes[post::kOutputs][post::kCells * (post::kScoreChannels > 4 ? post::kScoreChannels : 4)];
  const post::Code* outputs[post::kOutputs];
  std::FILE* file = std::fopen(arguments[1], "rb");
  if (file == nullptr)
    return 1;
  Case asked;
  while (std::fread(&asked, sizeof(asked), 1, file) == 1) {
    for (int k = 0; k < post::kOutputs; k++) {
      const std::size_t bytes = static_cast<std::size_t>(output_bytes(k));
      if (std::fread(codes[k], 1, bytes, file) != bytes)
        return 2;
      outputs[k] = codes[k];
    }
    const std::size_t room = asked.candidates > 0 ? static_cast<std::size_t>(asked.candidates) : post::kAllCandidates;
    const std::size_t most = asked.detections > 0 ? static_cast<std::size_t>(asked.detections) : post::kAllCandidates;
    const post::Frame frame = asked.width > 0 ? post::letterbox(asked.width, asked.height) : post::Frame{};
    std::size_t count = asked.as_device != 0
        ? post::decode_as_device(outputs, candidates, room, boxes, most, asked.score_threshold, asked.iou_threshold)
        : post::decode(outputs, candidates, room, detections, most, asked.score_threshold, asked.iou_threshold, frame);
    std::printf("%zu\n", count);
    for (std::size_t i = 0; i < count; i++)
      asked.as_device != 0 ? print(boxes[i]) : print(detections[i]);
    if (asked.as_device == 0 && room == post::kAllCandidates && most == room) {
      // The overload for arrays gives the same.
      static post::Detection again[post::kAllCandidates];
      if (post::decode(outputs, candidates, again, asked.score_threshold, asked.iou_threshold, frame) != count
          || std::memcmp(again, detections, count * sizeof(again[0])) != 0)
        return 3;
    }
  }
  return std::fclose(file);
}
