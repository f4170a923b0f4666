#include "evaluate/finding_codec.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace sagewarden {
namespace {

// What report_order() compares, in its order, stands first, as one key: two findings are mostly
// told apart by comparing bytes. The control comes behind it, as it compares by its numbers.
//
// In the key each text ends with a 0, which is less than anything within a text; there, 0 and 1 are
// written as 1 1 and 1 2.
void append_key_text(std::string& key, std::string_view text) {
  constexpr std::string_view kSpecial("\0\1", 2);
  size_t plain = 0;
  for (size_t at = text.find_first_of(kSpecial); at != std::string_view::npos;
       at = text.find_first_of(kSpecial, plain)) {
    key += text.substr(plain, at - plain);
    key += text[at] == '\0' ? "\1\1" : "\1\2";
    plain = at + 1;
  }
  key += text.substr(plain);
  key += '\0';
}

// Takes the first text off the key.
std::string take_key_text(std::string_view& key) {
  const size_t end = key.find('\0');
  std::string text(key.substr(0, end));
  key.remove_prefix(end + 1);
  size_t to = text.find('\1');
  if (to == std::string::npos) return text;
  for (size_t from = to; from < text.size(); ++from)
    text[to++] = text[from] == '\1' ? static_cast<char>(text[++from] - 1) : text[from];
  text.resize(to);
  return text;
}

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  void number(uint32_t value) {
    std::array<char, sizeof value> bytes = {};
    std::memcpy(bytes.data(), &value, sizeof value);
    out_.append(bytes.data(), bytes.size());
  }
  void text(std::string_view value) {
    number(static_cast<uint32_t>(value.size()));
    out_ += value;
  }

 private:
  std::string& out_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  uint32_t number() {
    uint32_t value = 0;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view text() {
    const uint32_t size = number();
    const std::string_view value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return value;
  }
  void text(std::string& into) { into = text(); }

 private:
  std::string_view bytes_;
};

void encode_suppression(Encoder& out, const Suppression* suppression) {
  out.number(suppression != nullptr ? 1 : 0);
  if (suppression == nullptr) return;
  out.number(static_cast<uint32_t>(suppression->kind));
  out.text(suppression->reason);
  out.text(suppression->owner);
  out.text(suppression->expires);
}

std::optional<Suppression> decode_suppression(Decoder& in) {
  if (in.number() == 0) return std::nullopt;
  Suppression suppression;
  suppression.kind = static_cast<Suppression::Kind>(in.number());
  in.text(suppression.reason);
  in.text(suppression.owner);
  in.text(suppression.expires);
  return suppression;
}

}  // namespace

void append_encoded(std::string& bytes, const FindingView& finding) {
  Encoder out(bytes);
  const Location& location = *finding.location;
  const size_t start = bytes.size();
  out.number(0);  // the size of the key, when it is known
  for (const std::string_view ordered :
       {finding.account, finding.region, finding.type, finding.name, finding.arn,
        std::string_view(location.file), std::string_view(location.address)})
    append_key_text(bytes, ordered);
  const auto key_size = static_cast<uint32_t>(bytes.size() - start - sizeof(uint32_t));
  std::memcpy(bytes.data() + start, &key_size, sizeof key_size);
  out.text(finding.control);
  out.number(location.line);
  out.number(location.column);
  out.text(finding.captured_at);
  out.text(finding.id);
  out.number(static_cast<uint32_t>(finding.compliance));
  out.number(static_cast<uint32_t>(finding.severity));
  out.text(finding.partition);
  out.number(static_cast<uint32_t>(finding.tags.size()));
  for (const auto& [key, value] : finding.tags) {
    out.text(key);
    out.text(value);
  }
  out.number(static_cast<uint32_t>(finding.reasons.size()));
  for (const Reason& reason : finding.reasons) {
    out.text(reason.code);
    out.text(reason.message);
  }
  out.number(static_cast<uint32_t>(finding.evidence.size()));
  for (const Evidence& evidence : finding.evidence) {
    out.text(evidence.path);
    out.text(evidence.found);
    out.text(evidence.wanted);
    out.number(evidence.line);
    out.number(evidence.column);
  }
  encode_suppression(out, finding.suppressed);
}

Finding decode_finding(std::string_view encoded) {
  Decoder in(encoded);
  Finding finding;
  Location& location = finding.location;
  std::string_view order = in.text();
  for (std::string* ordered : {&finding.account, &finding.region, &finding.type, &finding.name,
                               &finding.arn, &location.file, &location.address})
    *ordered = take_key_text(order);
  in.text(finding.control);
  location.line = in.number();
  location.column = in.number();
  in.text(finding.captured_at);
  in.text(finding.id);
  finding.compliance = static_cast<Compliance>(in.number());
  finding.severity = static_cast<Severity>(in.number());
  in.text(finding.partition);
  finding.tags.resize(in.number());
  for (auto& [key, value] : finding.tags) {
    in.text(key);
    in.text(value);
  }
  finding.reasons.resize(in.number());
  for (Reason& reason : finding.reasons) {
    in.text(reason.code);
    in.text(reason.message);
  }
  finding.evidence.resize(in.number());
  for (Evidence& evidence : finding.evidence) {
    in.text(evidence.path);
    in.text(evidence.found);
    in.text(evidence.wanted);
    evidence.line = in.number();
    evidence.column = in.number();
  }
  finding.suppressed = decode_suppression(in);
  return finding;
}

int encoded_order(std::string_view a, std::string_view b) {
  Decoder left(a);
  Decoder right(b);
  if (const int order = left.text().compare(right.text()); order != 0) return order;
  const std::string_view left_control = left.text();
  const std::string_view right_control = right.text();
  if (left_control != right_control) {
    if (natural_less(left_control, right_control)) return -1;
    if (natural_less(right_control, left_control)) return 1;
  }
  for (int i = 0; i < 2; ++i) {  // line, column
    const uint32_t left_number = left.number();
    const uint32_t right_number = right.number();
    if (left_number != right_number) return left_number < right_number ? -1 : 1;
  }
  return left.text().compare(right.text());  // captured_at
}

}  // namespace sagewarden
