// Any expression over any document must compile or be refused, evaluate and explain: without a
// crash, a hang or a leak. Input: the expression, a NUL, a JSON document.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "cel/cel.h"

using sagewarden::Known;
using sagewarden::UnknownCause;
using sagewarden::UnknownNode;
namespace cel = sagewarden::cel;
namespace json = sagewarden::json;

namespace {

// Small enough that the fuzzer gets on, and that each limit is met.
constexpr cel::Limits limits() {
  cel::Limits small;
  small.expression_bytes = 4096;
  small.iterations = 2000;
  small.arena_bytes = size_t{256} * 1024;
  small.work = 200'000;
  return small;
}

// What must hold of every verdict, whatever was evaluated.
void check(const cel::Program& program, std::span<const cel::Value> variables,
           cel::Scratch& scratch) {
  const cel::Truth truth = cel::evaluate_truth(program, variables, scratch);
  if (truth != cel::evaluate_truth(program, variables, scratch)) std::abort();
  const cel::Explanation explanation = cel::explain(program, variables, scratch);
  const bool is_true = truth == cel::Truth::True;
  if (is_true && !explanation.observations.empty()) std::abort();
  if ((truth == cel::Truth::Error) == explanation.error.empty()) std::abort();
}

}  // namespace

// The parser and the scratch are used again and again, as in the program.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\0');
  if (end == std::string_view::npos) return 0;
  constexpr std::string_view kNames[] = {"resource", "params"};
  const auto program = cel::Program::compile(input.substr(0, end), kNames, limits());
  static json::Parser parser;
  const auto document = parser.parse(input.substr(end + 1));
  if (!program || !document) return 0;

  UnknownNode unknown;
  mark_unknown(unknown, "u", Known::Nothing, UnknownCause::NotRecorded, "u");
  mark_unknown(unknown, "s", Known::Set, UnknownCause::NotRecorded, "s");
  mark_unknown(unknown, "l[1]", Known::Set, UnknownCause::NotRecorded, "l[1]");
  mark_unknown(unknown, "m.u", Known::Nothing, UnknownCause::NotRecorded, "m.u");
  cel::Scratch scratch;
  const cel::Value certain[] = {cel::Value::json(*document), cel::Value::json(*document)};
  check(*program, certain, scratch);
  const cel::Value partly[] = {cel::Value::json(*document, &unknown), cel::Value::json(*document)};
  check(*program, partly, scratch);
  return 0;
}
