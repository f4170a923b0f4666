// A file descriptor that is closed when its owner goes out of scope.
#pragma once

#include <unistd.h>

#include <utility>

namespace sagewarden {

// The standard streams are not ours to close.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }

  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }
  // Closes now; false when the system says that data was lost (network file systems do so here).
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

}  // namespace sagewarden
