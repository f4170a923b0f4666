# cmake -DCSS=… -DJS=… -DHEADER=… -P embed.cmake
# Writes a header that holds the page's style and script as string literals, and for each the hash by
# which the page's Content-Security-Policy allows it and nothing else.

# The base64 of a text's SHA-256: CMake gives the hash in hexadecimal, three digits of which are two
# characters of base64.
function(policy_hash text result)
  string(SHA256 hex "${text}")
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(out "")
  foreach(at RANGE 0 63 3)
    string(SUBSTRING "${hex}00" ${at} 3 digits)
    math(EXPR value "0x${digits}")
    math(EXPR high "${value} >> 6")
    math(EXPR low "${value} & 63")
    string(SUBSTRING "${alphabet}" ${high} 1 first)
    string(SUBSTRING "${alphabet}" ${low} 1 second)
    string(APPEND out "${first}${second}")
  endforeach()
  # 32 bytes are 43 characters; the 44th only pads.
  string(SUBSTRING "${out}" 0 43 out)
  set(${result} "sha256-${out}=" PARENT_SCOPE)
endfunction()

file(READ "${CSS}" css)
file(READ "${JS}" js)
policy_hash("${css}" css_hash)
policy_hash("${js}" js_hash)
file(WRITE "${HEADER}" "// Made by embed.cmake; do not edit.
#pragma once

#include <string_view>

namespace sagewarden {

inline constexpr std::string_view kHtmlStyle = R\"sagewarden(${css})sagewarden\";
inline constexpr std::string_view kHtmlStyleHash = \"${css_hash}\";
inline constexpr std::string_view kHtmlScript = R\"sagewarden(${js})sagewarden\";
inline constexpr std::string_view kHtmlScriptHash = \"${js_hash}\";

}  // namespace sagewarden
")
