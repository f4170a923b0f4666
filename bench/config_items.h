// Invented AWS Config configuration items, 2 to 4 KB each, as they stand in a snapshot. The same
// seed gives the same items on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_writer.h"

namespace sagewarden::bench {

// A small generator of our own (splitmix64), because the standard's distributions differ between
// libraries.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next();
  uint64_t below(uint64_t limit) { return next() % limit; }
  bool percent(uint64_t chance) { return below(100) < chance; }
  std::string hex(size_t digits);

 private:
  uint64_t state_;
};

class ConfigItems {
 public:
  // `sagemaker_percent` of the items are of SageMaker types, the others of types that every
  // account has many of.
  ConfigItems(uint64_t seed, unsigned sagemaker_percent)
      : random_(seed), sagemaker_percent_(sagemaker_percent) {}

  // Appends one item, an object without anything around it.
  void append(std::string& out);

 private:
  struct Identity {
    std::string type;
    std::string id;
    std::string name;
    std::string arn;
    std::string account;
    std::string region;
  };

  Identity make_identity(std::string_view type, std::string_view service, std::string_view part);
  void write_relationships(json::Writer& writer);
  void write_tags(json::Writer& writer);
  void write_sagemaker(json::Writer& writer, const Identity& of);
  void write_other(json::Writer& writer, const Identity& of);
  void write_policy(json::Writer& writer, std::string_view key, const Identity& of);
  void write_network(json::Writer& writer);
  void write_container(json::Writer& writer, const Identity& of);

  Random random_;
  unsigned sagemaker_percent_;
  uint64_t count_ = 0;
};

// A whole snapshot file around items up to about `bytes`; `take` gets it piece by piece.
template <class Take>
void write_snapshot(ConfigItems& items, uint64_t bytes, Take take) {
  std::string piece =
      R"({"fileVersion":"1.0","configSnapshotId":"5e2c1b7e-1111-4222-8333-444455556666",)"
      R"("configurationItems":[)";
  for (uint64_t written = 0; written < bytes;) {
    items.append(piece);
    written += piece.size();
    const bool last = written >= bytes;
    piece += last ? "]}\n" : ",";
    take(std::string_view(piece));
    piece.clear();
  }
}

}  // namespace sagewarden::bench
