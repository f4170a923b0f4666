// judge(): from a control and a resource to a verdict. Runs for every resource and control, so it
// allocates nothing.
#include "control/judge.h"

#include <algorithm>
#include <functional>

#include "control/control.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

// For each control: the ways in which resources fail it are few.
constexpr size_t kPrecedents = 32;
// Parameters are the same for the whole run.
constexpr std::string_view kSame[] = {"params"};

// An explanation says which values are defaults, so that these belong to what is compared. False
// when they are too many.
bool append_defaulted(const Resource& resource, std::string& inputs) {
  constexpr size_t kMaxPaths = 16;
  if (resource.defaulted == nullptr) return true;
  if (resource.defaulted->size() > kMaxPaths) return false;
  for (const std::string& path : *resource.defaulted) (inputs += path) += '\n';
  return true;
}

// Whether an explanation holds for every resource with the same inputs, but for its lines. Not if
// it quotes a list or map, of which the inputs may not tell everything, and not if it names a place
// that cannot be looked up by its path.
bool holds_for_alike(const Grounds& grounds) {
  return std::ranges::none_of(grounds.evidence, [](const Evidence& evidence) {
    const bool quotes = evidence.found.starts_with('{') || evidence.found.starts_with('[');
    const bool plain = std::ranges::all_of(
        evidence.path, [](char byte) { return byte > ' ' && byte <= '~' && byte != '\\'; });
    return quotes || !plain;
  });
}

// What was found out of one resource is told of another, with the lines of that one.
void place_evidence(Grounds& grounds, const Resource& resource) {
  for (Evidence& evidence : grounds.evidence) {
    const Mark mark = place_of_evidence(resource, evidence.path);
    evidence.line = mark.line;
    evidence.column = mark.column;
  }
}

bool needs_grounds(Verdict verdict) {
  return verdict != Verdict::NotApplicable && verdict != Verdict::Passed;
}

// What an expression means that is neither true nor false. Anything but a known truth value keeps a
// control from passing.
Verdict without_truth(const cel::Value& value) {
  if (!value.is_unknown() || value.unknown_node() == nullptr) return Verdict::Warning;
  switch (value.unknown_node()->cause) {
    case UnknownCause::Denied:
    case UnknownCause::Failed:
      return Verdict::NotAvailable;
    case UnknownCause::NotRecorded:
    case UnknownCause::NotResolved:
    case UnknownCause::AfterApply:
    case UnknownCause::NotExported:
      return Verdict::Warning;
  }
  return Verdict::Warning;
}

// An empty account or Region is one that the source does not know: comparing it as a text would
// judge by something that nobody read.
cel::Value text_or_unknown(std::string_view text, const UnknownNode& unknown) {
  return text.empty() ? cel::Value::unknown(&unknown) : cel::Value::string(text);
}

}  // namespace

Variables variables_of(const Control& control, json::Value parameters, const Resource& resource) {
  return {cel::Value::json(resource.properties, resource.unknown_properties),
          cel::Value::json(resource.tags, resource.unknown_tags),
          cel::Value::json(parameters),
          text_or_unknown(resource.account, control.unknown_account),
          text_or_unknown(resource.region, control.unknown_region),
          cel::Value::string(resource.partition),
          cel::Value::string(resource.type)};
}

Verdict judge_with(const Control& control, json::Value parameters, const Resource& resource,
                   cel::Scratch& scratch) {
  const Variables variables = variables_of(control, parameters, resource);
  const cel::Value applies = cel::evaluate(control.applies, variables, scratch);
  if (applies.is_false()) return Verdict::NotApplicable;
  if (!applies.is_true()) return without_truth(applies);
  const cel::Value passes = cel::evaluate(control.passes, variables, scratch);
  if (passes.is_true()) return Verdict::Passed;
  if (passes.is_false()) return Verdict::Failed;
  return without_truth(passes);
}

Verdict judge(const Control& control, const Resource& resource, cel::Scratch& scratch) {
  return judge_with(control, control.parameters.root, resource, scratch);
}

Judge::Judge(std::span<const Control> controls) : controls_(controls), memories_(controls.size()) {}

Judge::Memory& Judge::prepared(size_t place) {
  Memory& memory = memories_[place];
  if (memory.prepared) return memory;
  memory.prepared = true;
  memory.inputs.add(controls_[place].applies, kSame);
  memory.inputs.add(controls_[place].passes, kSame);
  memory.precedents.resize(kPrecedents);
  return memory;
}

void Judge::find_out(const Control& control, const Resource& resource, Judgement& judgement) {
  judgement.verdict = judge(control, resource, scratch_);
  judgement.grounds = {};
  if (needs_grounds(judgement.verdict))
    judgement.grounds = explain(control, resource, judgement.verdict, scratch_);
}

const Judgement& Judge::ask(size_t place, const Resource& resource) {
  Memory& memory = prepared(place);
  const Control& control = controls_[place];
  inputs_.clear();
  const Variables variables = variables_of(control, control.parameters.root, resource);
  if (!memory.inputs.append(variables, inputs_) || !append_defaulted(resource, inputs_)) {
    find_out(control, resource, memory.last);
    return memory.last;
  }
  const size_t hash = std::hash<std::string_view>()(inputs_);
  Precedent& precedent = memory.precedents[hash % kPrecedents];
  if (precedent.filled && precedent.inputs == inputs_) {
    place_evidence(precedent.judgement.grounds, resource);
    return precedent.judgement;
  }
  find_out(control, resource, memory.last);
  // What passes needs no explanation and often has a value of its own, such as a key's ARN: it does
  // not take the place of what was more work.
  const bool kept = needs_grounds(memory.last.verdict)
                        ? holds_for_alike(memory.last.grounds)
                        : !needs_grounds(precedent.judgement.verdict);
  if (!kept) return memory.last;
  precedent.filled = true;
  precedent.inputs = inputs_;
  std::swap(precedent.judgement, memory.last);
  return precedent.judgement;
}

}  // namespace sagewarden
