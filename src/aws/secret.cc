#include "aws/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace sagewarden::aws {

Secret::Secret(std::string_view text)
    : text_(std::make_unique<char[]>(text.size())), size_(text.size()) {
  std::ranges::copy(text, text_.get());
}

Secret::~Secret() {
  wipe();
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret::Secret(Secret&& other) noexcept
    : text_(std::move(other.text_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  text_ = std::move(other.text_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

// A plain fill of memory that is then given back would be optimised away.
void Secret::wipe() {
  if (text_) OPENSSL_cleanse(text_.get(), size_);
}

}  // namespace sagewarden::aws
