#include "cel/function.h"

#include <algorithm>
#include <array>

#include "cel/collection.h"

namespace sagewarden::cel {
namespace {

using Table = std::span<const Function> (*)();
constexpr Table kTables[] = {standard_functions, conversion_functions, time_functions,
                             string_functions,   optional_functions,   math_functions,
                             encoder_functions};

}  // namespace

const Function* find_function(std::string_view name, Style style, size_t arity) {
  for (const Table table : kTables) {
    for (const Function& function : table()) {
      if (function.name == name && function.style == style &&
          (function.arity == arity || (function.arity == kAnyArity && arity > 0)))
        return &function;
    }
  }
  return nullptr;
}

bool is_function(std::string_view name, Style style) {
  return std::any_of(std::begin(kTables), std::end(kTables), [&](Table table) {
    const auto rows = table();
    return std::any_of(rows.begin(), rows.end(), [&](const Function& function) {
      return function.name == name && function.style == style;
    });
  });
}

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::Error:
      return "error";
    case Kind::Unknown:
      return "unknown";
    case Kind::Null:
      return "null_type";
    case Kind::Bool:
      return "bool";
    case Kind::Int:
      return "int";
    case Kind::Uint:
      return "uint";
    case Kind::Double:
      return "double";
    case Kind::String:
      return "string";
    case Kind::Bytes:
      return "bytes";
    case Kind::List:
      return "list";
    case Kind::Map:
      return "map";
    case Kind::Timestamp:
      return "google.protobuf.Timestamp";
    case Kind::Duration:
      return "google.protobuf.Duration";
    case Kind::Type:
      return "type";
    case Kind::Optional:
      return "optional_type";
  }
  return "";
}

Value no_such_overload(Context& context, std::string_view function, std::span<const Value> args) {
  std::array<std::string_view, 8> types;
  size_t size = 0;
  for (const Value& arg : args.first(std::min(args.size(), types.size() / 2))) {
    if (size > 0) types[size++] = ", ";
    types[size++] = type_name(arg);
  }
  const Value list = context.string(types[0], types[1], types[2]);
  if (list.is_error()) return list;
  const Value call = context.string(function, "(", list.text());
  if (call.is_error()) return call;
  return context.error("no such overload: ", call.text(), args.size() > 2 ? ", …)" : ")");
}

}  // namespace sagewarden::cel
