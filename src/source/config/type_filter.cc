#include "source/config/type_filter.h"

#include <algorithm>

namespace sagewarden::config {
namespace {

// "AWS::SageMaker::Model" → "AWS::SageMaker::"
std::string_view service_of(std::string_view type) {
  const size_t colon = type.rfind("::");
  const std::string_view service =
      colon == std::string_view::npos ? type : type.substr(0, colon + 2);
  return service.substr(0, kMaxNeedle);
}

}  // namespace

TypeFilter::TypeFilter(std::span<const std::string_view> types, const ScanKernel& kernel)
    : kernel_(kernel), type_name_(make_needle("\"resourceType\"")), escape_(make_needle("\\u")) {
  std::vector<std::string_view> seen;
  for (const std::string_view type : types) {
    const std::string_view service = service_of(type);
    if (service.empty() || std::ranges::find(seen, service) != seen.end()) continue;
    seen.push_back(service);
    services_.push_back(make_needle(service));
  }
}

bool TypeFilter::may_be_wanted(const FoundItem& item) {
  if (names_service(item.text)) return true;
  // Letters and colons can only be written otherwise as \uXXXX.
  if (item.backslash && holds(item.text, escape_)) return true;
  return !has_type(item.text);
}

// Whether there is a resourceType with a text as its value, somewhere.
bool TypeFilter::has_type(std::string_view text) const {
  constexpr std::string_view kSpaces = " \t\r\n";
  for (;;) {
    const size_t place = kernel_.find(text.data(), text.size(), type_name_);
    if (place == kNotFound) return false;
    text.remove_prefix(place + type_name_.size);
    const size_t colon = text.find_first_not_of(kSpaces);
    if (colon == std::string_view::npos || text[colon] != ':') continue;
    const size_t value = text.find_first_not_of(kSpaces, colon + 1);
    if (value != std::string_view::npos && text[value] == '"') return true;
  }
}

bool TypeFilter::holds(std::string_view text, const Needle& needle) const {
  return kernel_.find(text.data(), text.size(), needle) != kNotFound;
}

bool TypeFilter::names_service(std::string_view text) {
  constexpr size_t kAround = 192;
  const size_t nearest = last_from_end_ > kAround ? last_from_end_ - kAround : 0;
  const size_t begin = text.size() - std::min(text.size(), last_from_end_ + kAround);
  const size_t end = text.size() - std::min(text.size(), nearest);
  for (const Needle& service : services_) {
    if (holds(text.substr(begin, end - begin), service)) return true;
    const size_t place = kernel_.find(text.data(), text.size(), service);
    if (place == kNotFound) continue;
    last_from_end_ = text.size() - place;
    return true;
  }
  return false;
}

}  // namespace sagewarden::config
