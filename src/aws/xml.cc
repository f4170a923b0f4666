#include "aws/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"

namespace sagewarden::aws {
namespace {

constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxElements = 50'000;

struct Element {
  std::string_view name;
  std::string text;
  std::vector<Element> children;
};

bool is_name_character(char c) {
  return c > ' ' && c != '<' && c != '>' && c != '/' && c != '=' && c != '"' && c != '\'' &&
         c != '&';
}

void append_utf8(std::string& out, uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view xml) : xml_(xml) {}

  Result<Element> document() {
    TRY_DO(skip_between());
    if (!at("<")) return error("there is no element");
    TRY_LET(Element root, element(0));
    TRY_DO(skip_between());
    if (at_ != xml_.size()) return error("there is more behind the last element");
    return root;
  }

 private:
  bool at(std::string_view text) const { return xml_.substr(at_).starts_with(text); }

  tl::unexpected<Error> error(std::string_view what) const {
    return fail(Error::Code::Invalid, fmt::format("{} at byte {}", what, at_));
  }

  void skip_blanks() {
    while (at_ < xml_.size() && xml_[at_] != '<' && trim(xml_.substr(at_, 1)).empty()) ++at_;
  }

  Result<void> skip_past(std::string_view end) {
    const size_t found = xml_.find(end, at_);
    if (found == std::string_view::npos) return error(fmt::format("'{}' is missing", end));
    at_ = found + end.size();
    return {};
  }

  // Blanks, comments and the declaration, which may stand around the outermost element.
  Result<void> skip_between() {
    while (true) {
      skip_blanks();
      if (at("<?")) {
        TRY_DO(skip_past("?>"));
      } else if (at("<!--")) {
        TRY_DO(skip_past("-->"));
      } else if (at("<!")) {
        return error("a document type");
      } else {
        return {};
      }
    }
  }

  Result<std::string_view> name() {
    const size_t start = at_;
    while (at_ < xml_.size() && is_name_character(xml_[at_])) ++at_;
    if (at_ == start) return error("a name is missing");
    return xml_.substr(start, at_ - start);
  }

  Result<void> skip_attributes() {
    while (true) {
      skip_blanks();
      if (at(">") || at("/>")) return {};
      TRY_DO(name());
      skip_blanks();
      if (!at("=")) return error("'=' is missing");
      ++at_;
      skip_blanks();
      if (!at("\"") && !at("'")) return error("a quote is missing");
      const std::string_view quote = xml_.substr(at_++, 1);
      TRY_DO(skip_past(quote));
    }
  }

  Result<Element> element(size_t depth) {
    if (depth == kMaxDepth) return error("elements are nested too deeply");
    if (++elements_ > kMaxElements) return error("there are too many elements");
    ++at_;  // '<'
    Element out;
    TRY_LET(out.name, name());
    TRY_DO(skip_attributes());
    if (at("/>")) {
      at_ += 2;
      return out;
    }
    ++at_;  // '>'
    while (!at("</")) TRY_DO(content(out, depth));
    at_ += 2;
    TRY_LET(const std::string_view closed, name());
    if (closed != out.name) return error(fmt::format("'</{}>' is missing", printable(out.name)));
    skip_blanks();
    if (!at(">")) return error("'>' is missing");
    ++at_;
    return out;
  }

  Result<void> content(Element& out, size_t depth) {
    constexpr std::string_view kCdata = "<![CDATA[";
    if (at_ >= xml_.size()) return error(fmt::format("'</{}>' is missing", printable(out.name)));
    if (at("<!--")) return skip_past("-->");
    if (at(kCdata)) {
      at_ += kCdata.size();
      const size_t start = at_;
      TRY_DO(skip_past("]]>"));
      out.text += xml_.substr(start, at_ - 3 - start);
      return {};
    }
    if (at("<!") || at("<?")) return error("markup that no answer has");
    if (at("<")) {
      TRY_LET(Element child, element(depth + 1));
      out.children.push_back(std::move(child));
      return {};
    }
    if (at("&")) return reference(out.text);
    const size_t end = std::min(xml_.find_first_of("<&", at_), xml_.size());
    out.text += xml_.substr(at_, end - at_);
    at_ = end;
    return {};
  }

  Result<void> reference(std::string& out) {
    constexpr std::pair<std::string_view, char> kKnown[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (const auto& [text, character] : kKnown) {
      if (!at(text)) continue;
      out += character;
      at_ += text.size();
      return {};
    }
    const size_t end = xml_.find(';', at_);
    if (!at("&#") || end == std::string_view::npos) return error("an entity that is not known");
    std::string_view digits = xml_.substr(at_ + 2, end - at_ - 2);
    const int base = digits.starts_with('x') ? 16 : 10;
    if (base == 16) digits.remove_prefix(1);
    uint32_t code = 0;
    const auto [stop, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, base);
    if (failed != std::errc() || stop != digits.data() + digits.size() || code == 0 ||
        code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
      return error("a character that does not exist");
    append_utf8(out, code);
    at_ = end + 1;
    return {};
  }

  std::string_view xml_;
  size_t at_ = 0;
  size_t elements_ = 0;
};

// Names keep the order in which they come first.
void write(json::Writer& out, const Element& element) {
  if (element.children.empty()) {
    out.string(element.text);
    return;
  }
  const std::string_view first = element.children.front().name;
  if (first == "member" || first == "item") {
    out.begin_array();
    for (const Element& child : element.children) write(out, child);
    out.end_array();
    return;
  }
  std::map<std::string_view, std::vector<const Element*>> by_name;
  std::vector<std::string_view> order;
  for (const Element& child : element.children) {
    std::vector<const Element*>& same = by_name[child.name];
    if (same.empty()) order.push_back(child.name);
    same.push_back(&child);
  }
  out.begin_object();
  for (const std::string_view name : order) {
    const std::vector<const Element*>& same = by_name[name];
    out.key(name);
    if (same.size() > 1) out.begin_array();
    for (const Element* child : same) write(out, *child);
    if (same.size() > 1) out.end_array();
  }
  out.end_object();
}

}  // namespace

Result<XmlAnswer> read_xml(std::string_view xml) {
  TRY_LET(const Element root, Reader(xml).document());
  XmlAnswer answer;
  answer.name = root.name;
  json::Writer out(answer.json);
  write(out, root);
  return answer;
}

}  // namespace sagewarden::aws
