// Assembles notifications into records, checks their sums, and decodes every field. Usage: parse FILE SIZE
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

/// The value of type T at an offset of some bytes, on a little-endian machine.
template <typename T> T read(const uint8_t *bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes + at, sizeof value);
  return value;
}

// `struct Record` and `Record decode(const uint8_t *bytes)`, made from the rows of the layout.
#include "record.hpp"

constexpr size_t LENGTH = 300;
constexpr std::array<uint8_t, 5> HEADER{0x55, 0xaa, 0xeb, 0x90, 0x02};

struct Parser {
  std::vector<uint8_t> bytes;

  /// Takes a notification, and gives the record that it completes.
  std::optional<Record> push(const uint8_t *piece, size_t length) {
    bytes.insert(bytes.end(), piece, piece + length);
    while (bytes.size() >= LENGTH) {
      uint8_t sum = 0;
      for (size_t at = 0; at < LENGTH - 1; at++) sum += bytes[at];
      if (sum == bytes[LENGTH - 1] && std::equal(HEADER.begin(), HEADER.end(), bytes.begin())) {
        Record record = decode(bytes.data());
        bytes.erase(bytes.begin(), bytes.begin() + LENGTH);
        return record;
      }
      bytes.erase(bytes.begin());
    }
    return std::nullopt;
  }
};

double microseconds() { return std::clock() * (1e6 / CLOCKS_PER_SEC); }

int main(int, char **args) {
  std::ifstream file(args[1], std::ios::binary);
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
  const size_t size = std::atoi(args[2]);
  Parser parser;
  size_t count = 0;
  double volts = 0;
  const double start = microseconds();
  while (microseconds() - start < 50'000) {
    for (size_t frame = 0; frame < bytes.size(); frame += LENGTH) {
      for (size_t at = 0; at < LENGTH; at += size) {
        if (const auto record = parser.push(&bytes[frame + at], std::min(size, LENGTH - at))) {
          count++;
          // What is looked at, no compiler can leave out.
          asm volatile("" : : "g"(&*record) : "memory");
          volts = record->packVoltage;
        }
      }
    }
  }
  std::printf("%f %.3f\n", (microseconds() - start) * 1000 / count, volts);
}
