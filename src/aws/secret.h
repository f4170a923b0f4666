// A text that must not be seen: keys, tokens. It can be neither printed nor formatted, and its
// bytes are overwritten when it goes away.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string_view>

namespace sagewarden::aws {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  ~Secret();
  Secret(const Secret& other) : Secret(other.reveal()) {}
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;

  bool empty() const { return size_ == 0; }
  // For signing and sending, nothing else.
  std::string_view reveal() const { return {text_.get(), size_}; }

 private:
  void wipe();

  // Not a std::string, which keeps short texts inside of itself and leaves them behind when moved.
  std::unique_ptr<char[]> text_;
  size_t size_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Secret& secret) = delete;

}  // namespace sagewarden::aws
