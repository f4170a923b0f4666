#include "cel/spell.h"

#include <algorithm>
#include <cmath>

#include "base/json_writer.h"
#include "base/text.h"
#include "cel/collection.h"
#include "cel/conversion.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

constexpr size_t kMaxSpelled = 400;  // bytes

class Speller {
 public:
  std::string run(const Value& value) {
    write(value);
    if (out_.size() <= kMaxSpelled) return std::move(out_);
    size_t end = kMaxSpelled;
    while (end > 0 && utf8_length(std::string_view(out_).substr(end)) == 0) --end;
    return out_.substr(0, end) + "…";
  }

 private:
  void write(const Value& value) {
    switch (value.kind()) {
      case Kind::Error:
      case Kind::Unknown:
        writer_.raw("(not known)");
        return;
      case Kind::Null:
        writer_.null();
        return;
      case Kind::Bool:
        writer_.boolean(value.boolean());
        return;
      case Kind::Int:
        writer_.integer(value.integer());
        return;
      case Kind::Uint:
        writer_.unsigned_integer(value.unsigned_integer());
        return;
      case Kind::Double:
        writer_.raw(write_double(value.real()));
        return;
      case Kind::String:
      case Kind::Bytes:
      case Kind::Type:
        writer_.string(value.text().substr(0, kMaxSpelled * 2));
        return;
      case Kind::Timestamp:
        writer_.string(write_timestamp(value.moment()));
        return;
      case Kind::Duration:
        writer_.string(write_duration(value.moment()));
        return;
      case Kind::List:
      case Kind::Map:
        write_collection(value);
        return;
      case Kind::Optional:
        value.content() == nullptr ? void(writer_.raw("(not set)")) : write(*value.content());
        return;
    }
  }

  void write_collection(const Value& value) {
    const bool map = value.is(Kind::Map);
    map ? writer_.begin_object() : writer_.begin_array();
    for (Walk walk(value); out_.size() <= kMaxSpelled && walk.next();) {
      if (map) writer_.key(key_of(walk.key()));
      write(walk.value());
    }
    map ? writer_.end_object() : writer_.end_array();
  }

  static std::string key_of(const Value& key) {
    if (key.is(Kind::String)) return std::string(key.text());
    return Speller().run(key);
  }

  std::string out_;
  json::Writer writer_{out_};
};

}  // namespace

std::string spell(const Value& value) {
  return Speller().run(value);
}

void append_member(std::string& path, std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) {
    path += '.';
    path += name;
    return;
  }
  path += '[';
  json::append_quoted(path, name);
  path += ']';
}

}  // namespace sagewarden::cel
