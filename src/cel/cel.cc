#include "cel/cel.h"

#include <algorithm>
#include <cassert>

#include "cel/compile.h"
#include "cel/diagnostic.h"
#include "cel/machine.h"
#include "cel/program.h"

namespace sagewarden::cel {
namespace {

// Beside what the expression itself makes of constants, nodes take a small multiple of its text.
constexpr size_t kProgramBytes = size_t{8} * 1024 * 1024;
constexpr size_t kFirstBlock = size_t{2} * 1024;  // enough for most, and a run has dozens of them

}  // namespace

Program::Impl::Impl(std::string_view expression, const Limits& with)
    : text(expression), limits(with), arena(kProgramBytes, kFirstBlock) {}

Program::Program(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::string_view Program::text() const {
  return impl_->text;
}

Result<Program> Program::compile(std::string_view expression,
                                 std::span<const std::string_view> variables,
                                 const Limits& limits) {
  Fault fault;
  std::unique_ptr<const Impl> impl = compile_program(expression, variables, limits, {}, fault);
  if (impl == nullptr)
    return fail(Error::Code::Invalid, point_at(expression, fault.offset, fault.message));
  return Program(std::move(impl));
}

Scratch::Impl::Impl() : arena(Limits{}.arena_bytes) {}

Scratch::Scratch() : impl_(std::make_unique<Impl>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

Value evaluate(const Program& program, std::span<const Value> variables, Scratch& scratch) {
  const Program::Impl& compiled = program.impl();
  assert(variables.size() >= compiled.variables.size());
  Scratch::Impl& memory = scratch.impl();
  memory.prepare(compiled, compiled.limits);
  Machine machine(compiled.limits, variables, memory.locals, memory.arena);
  return machine.evaluate(*compiled.root);
}

Truth evaluate_truth(const Program& program, std::span<const Value> variables, Scratch& scratch) {
  const Value value = evaluate(program, variables, scratch);
  if (value.is(Kind::Bool)) return value.boolean() ? Truth::True : Truth::False;
  return value.is_unknown() ? Truth::Unknown : Truth::Error;
}

void Scratch::Impl::prepare(const Program::Impl& program, const Limits& limits) {
  arena.reset();
  arena.set_limit(limits.arena_bytes);
  if (locals.size() < program.locals) locals.resize(program.locals);
  // Nothing of an earlier evaluation stays within reach.
  std::fill_n(locals.begin(), program.locals, Value());
}

}  // namespace sagewarden::cel
