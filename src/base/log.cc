#include "base/log.h"

#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace sagewarden {
namespace {

constexpr std::string_view kProgram = "sagewarden: ";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

void Log::error(std::string_view message) {
  say("error: ", kRed, message);
}

void Log::warning(std::string_view message) {
  if (level_ != Level::Quiet) say("warning: ", kYellow, message);
}

void Log::info(std::string_view message) {
  if (level_ == Level::Verbose) say("", kPlain, message);
}

void Log::status(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (line == status_) return;
  write(std::string(kClearLine) + std::string(line));
  status_ = line;
}

void Log::say(std::string_view label, std::string_view colour, std::string_view message) {
  std::string text(kProgram);
  if (colour_ && !label.empty()) {
    ((text += colour) += label) += kPlain;
  } else {
    text += label;
  }
  // A message may have lines (an expression with a caret below it).
  (text += printable_lines(message)) += '\n';
  const std::lock_guard lock(mutex_);
  if (!status_.empty()) text = std::string(kClearLine) + text + status_;
  write(text);
}

// There is nobody to tell when even this fails.
void Log::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace sagewarden
