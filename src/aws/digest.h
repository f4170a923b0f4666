// Hashes and message authentication codes, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "aws/secret.h"

namespace sagewarden::aws {

std::string sha256_hex(std::string_view data);
std::string sha1_hex(std::string_view data);
// The 32 bytes of HMAC-SHA256; a Secret, since most are keys for the next one.
Secret hmac_sha256(const Secret& key, std::string_view data);
std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
std::string sha256_base64(std::string_view data);

}  // namespace sagewarden::aws
