// By OpenSSL's plain functions, as base/sha256.cc.
#include "aws/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace sagewarden::aws {
namespace {

using Sha256Bytes = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

template <class Bytes>
std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Of the two one after the other. Leaves nothing behind of what may be secret.
Sha256Bytes sha256(std::string_view first, std::string_view second = {}) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, first.data(), first.size());
  SHA256_Update(&context, second.data(), second.size());
  Sha256Bytes digest{};
  SHA256_Final(digest.data(), &context);
  OPENSSL_cleanse(&context, sizeof context);
  return digest;
}

}  // namespace

std::string sha256_hex(std::string_view data) {
  return hex(text_of(sha256(data)));
}

std::string sha1_hex(std::string_view data) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, data.data(), data.size());
  SHA1_Final(digest.data(), &context);
  return hex(text_of(digest));
}

// RFC 2104.
Secret hmac_sha256(const Secret& key, std::string_view data) {
  std::array<unsigned char, SHA256_CBLOCK> inner{};
  const std::string_view given = key.reveal();
  if (given.size() > inner.size()) {
    Sha256Bytes shorter = sha256(given);
    std::ranges::copy(shorter, inner.begin());
    OPENSSL_cleanse(shorter.data(), shorter.size());
  } else {
    std::ranges::copy(given, inner.begin());
  }
  std::array<unsigned char, SHA256_CBLOCK> outer = inner;
  for (unsigned char& byte : inner) byte ^= 0x36U;
  for (unsigned char& byte : outer) byte ^= 0x5CU;
  Sha256Bytes code = sha256(text_of(inner), data);
  code = sha256(text_of(outer), text_of(code));
  Secret out(text_of(code));
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  OPENSSL_cleanse(code.data(), code.size());
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    (out += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // one more for the zero that is written
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

std::string sha256_base64(std::string_view data) {
  return base64(text_of(sha256(data)));
}

}  // namespace sagewarden::aws
