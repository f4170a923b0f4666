#include "aws/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace sagewarden::aws {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digest_of(std::string_view data, const EVP_MD* method) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, method, nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string sha256_hex(std::string_view data) {
  return hex(digest_of(data, EVP_sha256()));
}

std::string sha1_hex(std::string_view data) {
  return hex(digest_of(data, EVP_sha1()));
}

Secret hmac_sha256(const Secret& key, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()), bytes_of(data),
       data.size(), code.data(), &size);
  Secret out(std::string_view(reinterpret_cast<const char*>(code.data()), size));
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
  // Four characters for each three bytes, and the zero that OpenSSL adds.
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

std::string sha256_base64(std::string_view data) {
  return base64(digest_of(data, EVP_sha256()));
}

}  // namespace sagewarden::aws
