#include "base/gunzip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/gzip_for_tests.h"

namespace sagewarden {
namespace {

struct Library {
  std::string_view name;
  std::unique_ptr<Gunzip> (*create)();
};

constexpr Library kLibraries[] = {{"zlib", create_zlib_gunzip}, {"isal", create_isal_gunzip}};

std::string sample(size_t size) {
  std::string text;
  uint32_t number = 12345;
  while (text.size() < size) {
    number = number * 1664525 + 1013904223;
    text += "item " + std::to_string(number >> 20U) + (number % 7 == 0 ? "\n" : ", ");
  }
  text.resize(size);
  return text;
}

struct Inflated {
  std::string text;
  bool ended = false;
  std::string error;
};

// Feeds the data in pieces of that size, into a buffer of that size.
Inflated inflate_in_pieces(Gunzip& gunzip, std::string_view packed, size_t in, size_t out) {
  Inflated outcome;
  std::string buffer(out, '\0');
  while (!outcome.ended) {
    const std::string_view piece = packed.substr(0, in);
    const Result<Gunzip::Step> step = gunzip.step(piece, buffer);
    if (!step) {
      outcome.error = step.error().message;
      return outcome;
    }
    outcome.text.append(buffer, 0, step->made);
    outcome.ended = step->member_ended;
    packed.remove_prefix(step->taken);
    if (step->taken == 0 && step->made == 0) return outcome;
  }
  return outcome;
}

TEST(Gunzip, ReadsInPiecesOfAnySize) {
  const std::string text = sample(200'000);
  const std::string packed = gzip(text);
  for (const Library& library : kLibraries) {
    const std::unique_ptr<Gunzip> gunzip = library.create();
    if (!gunzip) continue;
    for (const size_t in : {size_t{1}, size_t{7}, size_t{4096}, packed.size()}) {
      for (const size_t out : {size_t{1}, size_t{100}, size_t{300'000}}) {
        if (in * out == 1) continue;  // slow, and nothing new
        SCOPED_TRACE(std::string(library.name) + " " + std::to_string(in) + " " +
                     std::to_string(out));
        gunzip->reset();
        const Inflated outcome = inflate_in_pieces(*gunzip, packed, in, out);
        EXPECT_EQ(outcome.error, "");
        EXPECT_TRUE(outcome.ended);
        EXPECT_TRUE(outcome.text == text);
      }
    }
  }
}

TEST(Gunzip, FindsDamage) {
  const std::string text = sample(5'000);
  const std::string good = gzip(text);
  const auto changed = [&](size_t place) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 0x40);
    return bad;
  };
  const struct {
    std::string_view name;
    std::string packed;
  } cases[] = {
      {"magic", changed(0)},
      {"method", changed(2)},
      {"checksum", changed(good.size() - 8)},
      {"length", changed(good.size() - 4)},
      {"data", changed(good.size() / 2)},
  };
  for (const Library& library : kLibraries) {
    for (const auto& c : cases) {
      SCOPED_TRACE(std::string(library.name) + " " + std::string(c.name));
      const std::unique_ptr<Gunzip> gunzip = library.create();
      if (!gunzip) continue;
      const Inflated outcome = inflate_in_pieces(*gunzip, c.packed, 1000, 1000);
      EXPECT_NE(outcome.error.find("damaged"), std::string::npos) << outcome.error;
    }
  }
}

TEST(Gunzip, AnEarlyEndIsNoEnd) {
  const std::string packed = gzip(sample(5'000));
  for (const Library& library : kLibraries) {
    for (const size_t missing : {size_t{1}, size_t{7}, size_t{8}, size_t{9}, packed.size() - 5}) {
      const std::unique_ptr<Gunzip> gunzip = library.create();
      if (!gunzip) continue;
      const Inflated outcome = inflate_in_pieces(
          *gunzip, std::string_view(packed).substr(0, packed.size() - missing), 1000, 1000);
      EXPECT_FALSE(outcome.ended) << library.name << " " << missing;
      EXPECT_EQ(outcome.error, "") << library.name << " " << missing;
    }
  }
}

TEST(Gunzip, BothLibrariesAgreeOnDamagedData) {
  const std::unique_ptr<Gunzip> isal = create_isal_gunzip();
  if (!isal) GTEST_SKIP() << "built without ISA-L";
  const std::unique_ptr<Gunzip> zlib = create_zlib_gunzip();
  const std::string good = gzip(sample(3'000));
  for (size_t place = 10; place < good.size(); place += 3) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ (1 << (place % 8)));
    isal->reset();
    zlib->reset();
    const Inflated a = inflate_in_pieces(*isal, bad, 333, 777);
    const Inflated b = inflate_in_pieces(*zlib, bad, 333, 777);
    // Where one gives up early the other may notice at the checksum, or wait for more data: what
    // matters is that neither takes it for good.
    EXPECT_FALSE(a.ended && a.error.empty() && a.text != sample(3'000)) << place;
    EXPECT_EQ(a.ended && a.error.empty(), b.ended && b.error.empty()) << place;
  }
}

}  // namespace
}  // namespace sagewarden
