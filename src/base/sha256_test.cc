#include "base/sha256.h"

#include <gtest/gtest.h>

#include <utility>

namespace sagewarden {
namespace {

// Vectors of FIPS 180-2.
TEST(Sha256, Vectors) {
  const struct {
    std::string text;
    std::string_view want;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& c : cases) {
    Sha256 whole;
    whole.update(c.text);
    EXPECT_EQ(whole.hex(), c.want);
    Sha256 pieces;
    for (size_t at = 0; at < c.text.size(); at += 63) pieces.update(c.text.substr(at, 63));
    Sha256 moved = std::move(pieces);
    EXPECT_EQ(moved.hex(), c.want);
  }
}

}  // namespace
}  // namespace sagewarden
