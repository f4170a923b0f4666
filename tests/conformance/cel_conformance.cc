// Evaluates expressions for the conformance cases: reads one JSON object a line ({"expr",
// "container", "late", "bindings": [{"name", "value"}]}) and prints one a line: {"value": …} or
// {"error": "…"}. Values are in the JSON form of the specification's cel.expr.Value.
#include <charconv>
#include <string>
#include <vector>

#include "base/input.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/output.h"
#include "base/text.h"
#include "cel/collection.h"
#include "cel/compile.h"
#include "cel/conversion.h"
#include "cel/function.h"
#include "cel/machine.h"
#include "cel/time.h"

namespace sagewarden::cel {
namespace {

// ---- values of the cases ----

// Makes values that live as long as the reader.
class Reader {
 public:
  explicit Reader(Context& context) : context_(context) {}

  Value read(json::Value value) {
    for (const auto& [kind, content] : value.members()) {
      if (kind == "nullValue") return Value::null();
      if (kind == "boolValue") return Value::boolean(content.boolean());
      if (kind == "int64Value") return Value::integer(number<int64_t>(content.string()));
      if (kind == "uint64Value") return Value::unsigned_integer(number<uint64_t>(content.string()));
      if (kind == "doubleValue") return Value::real(real(content));
      if (kind == "stringValue") return context_.string(content.string());
      if (kind == "bytesValue") return call("base64.decode", content.string());
      if (kind == "typeValue") return Value::type(context_.string(content.string()).text());
      if (kind == "listValue") return list(content["values"]);
      if (kind == "mapValue") return map(content["entries"]);
      if (kind == "objectValue") return object(content);
    }
    return Value::error("a value of no kind that is known here");
  }

 private:
  template <class Number>
  static Number number(std::string_view text) {
    Number parsed = 0;
    std::from_chars(text.data(), text.data() + text.size(), parsed);
    return parsed;
  }

  static double real(json::Value value) {
    if (value.is_string()) return number<double>(value.string());
    if (value.kind() == json::Kind::Int) return static_cast<double>(value.integer());
    return value.kind() == json::Kind::Double ? value.real() : 0;
  }

  Value call(std::string_view function, std::string_view text) {
    const Value arg = context_.string(text);
    return find_function(function, Style::Global, 1)->run(context_, {&arg, 1});
  }

  Value list(json::Value values) {
    auto* const items = context_.array<Value>(values.size());
    size_t size = 0;
    for (const json::Value value : values.elements()) items[size++] = read(value);
    return Value::list(items, size);
  }

  Value map(json::Value entries) {
    MapBuilder builder(context_, entries.size());
    for (const json::Value entry : entries.elements())
      builder.add(read(entry["key"]), read(entry["value"]));
    return builder.finish();
  }

  Value object(json::Value value) {
    const std::string_view type = value["@type"].string_or("");
    return call(type.ends_with("Duration") ? "duration" : "timestamp",
                value["value"].string_or(""));
  }

  Context& context_;
};

class Printer {
 public:
  explicit Printer(Context& context, std::string& out) : context_(context), writer_(out) {}

  void result(const Value& value) {
    writer_.begin_object();
    if (value.is_settled()) {
      writer_.key("value");
      write(value);
    } else {
      writer_.member("error", value.is_error() ? value.text() : "unknown");
    }
    writer_.end_object();
  }

 private:
  void write(const Value& value) {
    writer_.begin_object();
    switch (value.kind()) {
      case Kind::Null:
        writer_.key("nullValue").null();
        break;
      case Kind::Bool:
        writer_.key("boolValue").boolean(value.boolean());
        break;
      case Kind::Int:
        writer_.member("int64Value", std::to_string(value.integer()));
        break;
      case Kind::Uint:
        writer_.member("uint64Value", std::to_string(value.unsigned_integer()));
        break;
      case Kind::Double:
        writer_.member("doubleValue", write_double(value.real()));
        break;
      case Kind::String:
        writer_.member("stringValue", value.text());
        break;
      case Kind::Bytes:
        writer_.member(
            "bytesValue",
            find_function("base64.encode", Style::Global, 1)->run(context_, {&value, 1}).text());
        break;
      case Kind::Type:
        writer_.member("typeValue", value.text());
        break;
      case Kind::List:
        list(value);
        break;
      case Kind::Map:
        map(value);
        break;
      case Kind::Timestamp:
        object("Timestamp", write_timestamp(value.moment()));
        break;
      case Kind::Duration:
        object("Duration", write_duration(value.moment()));
        break;
      case Kind::Optional:
      case Kind::Error:
      case Kind::Unknown:
        writer_.member("kind", type_name(value));
        break;
    }
    writer_.end_object();
  }

  void list(const Value& value) {
    writer_.key("listValue").begin_object().key("values").begin_array();
    for (Walk walk(value); walk.next();) write(walk.value());
    writer_.end_array().end_object();
  }

  void map(const Value& value) {
    writer_.key("mapValue").begin_object().key("entries").begin_array();
    for (Walk walk(value); walk.next();) {
      writer_.begin_object().key("key");
      write(walk.key());
      writer_.key("value");
      write(walk.value());
      writer_.end_object();
    }
    writer_.end_array().end_object();
  }

  void object(std::string_view type, std::string_view text) {
    writer_.key("objectValue").begin_object();
    writer_.member("@type", "type.googleapis.com/google.protobuf." + std::string(type));
    writer_.member("value", text).end_object();
  }

  Context& context_;
  json::Writer writer_;
};

// ---- running ----

std::string run(json::Value test) {
  const Limits limits;
  Arena arena(limits.arena_bytes);
  Context context(arena, limits.iterations, limits.work);
  Reader reader(context);
  std::vector<std::string_view> names;
  std::vector<Value> values;
  for (const json::Value binding : test["bindings"].elements()) {
    names.push_back(binding["name"].string_or(""));
    values.push_back(reader.read(binding["value"]));
  }
  Dialect dialect;
  dialect.container = test["container"].string_or("");
  dialect.names = test["late"].boolean() ? Dialect::Names::Late : Dialect::Names::Checked;
  Fault fault;
  const auto compiled = compile_program(test["expr"].string_or(""), names, limits, dialect, fault);
  std::string line;
  Printer printer(context, line);
  if (compiled == nullptr) {
    printer.result(Value::error(fault.message));
    return line;
  }
  std::vector<Value> locals(compiled->locals);
  printer.result(Machine(limits, values, locals, arena).evaluate(*compiled->root));
  return line;
}

Result<void> run_all(Output& output) {
  constexpr uint64_t kMostBytes = uint64_t{64} * 1024 * 1024;
  TRY_LET(InputStream stream, InputStream::open("-"));
  TRY_LET(const Text text, read_text(stream, kMostBytes));
  json::Parser parser;
  for (const std::string_view line : split(text.view(), '\n')) {
    if (line.empty()) continue;
    TRY_LET(const json::Value test, parser.parse(line));
    TRY_DO(output.write(run(test) + "\n"));
  }
  return output.commit();
}

}  // namespace
}  // namespace sagewarden::cel

// What goes wrong is told by the output that is missing: the script counts the results.
int main() {
  return sagewarden::cel::run_all(*sagewarden::create_stdout_output()) ? 0 : 2;
}
