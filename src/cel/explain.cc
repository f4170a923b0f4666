// Why a boolean expression came out as it did: walks the compiled tree again and keeps the leaves
// that decided.
#include <algorithm>
#include <cassert>
#include <optional>

#include "cel/cel.h"
#include "cel/diagnostic.h"
#include "cel/machine.h"
#include "cel/place.h"
#include "cel/spell.h"

namespace sagewarden::cel {
namespace {

// Enough to see what is wrong; a list of thousands is not read by anyone.
constexpr size_t kMostObservations = 100;
// Explaining evaluates parts of the expression again, some of them several times.
constexpr size_t kMoreThanEvaluating = 8;

Truth truth_of(const Value& value) {
  if (value.is(Kind::Bool)) return value.boolean() ? Truth::True : Truth::False;
  return value.is_unknown() ? Truth::Unknown : Truth::Error;
}

// How a relation reads, by what is wanted of it, and what it becomes when it shall not hold or is
// read from the right.
struct Relation {
  Op op;
  std::string_view symbol;
  Op negated;
  Op mirrored;
};
constexpr Relation kRelations[] = {
    {Op::Equal, "", Op::NotEqual, Op::Equal},
    {Op::NotEqual, "not ", Op::Equal, Op::NotEqual},
    {Op::Less, "< ", Op::GreaterEqual, Op::Greater},
    {Op::LessEqual, "<= ", Op::Greater, Op::GreaterEqual},
    {Op::Greater, "> ", Op::LessEqual, Op::Less},
    {Op::GreaterEqual, ">= ", Op::Less, Op::LessEqual},
};

const Relation* relation_of(Op op) {
  const auto* const row = std::find_if(std::begin(kRelations), std::end(kRelations),
                                       [&](const Relation& relation) { return relation.op == op; });
  return row == std::end(kRelations) ? nullptr : row;
}

// As relation_of(), of what is known to have a row.
const Relation& row_of(Op op) {
  const Relation* const row = relation_of(op);
  assert(row != nullptr);
  return *row;
}

// Functions and what they ask, as a wish.
struct Question {
  std::string_view function;
  std::string_view wish;
  std::string_view opposite;
};
constexpr Question kQuestions[] = {
    {"startsWith", "starts with ", "does not start with "},
    {"endsWith", "ends with ", "does not end with "},
    {"contains", "contains ", "does not contain "},
    {"matches", "matches ", "does not match "},
};

class Explainer {
 public:
  Explainer(const Program::Impl& program, Machine& machine)
      : program_(program), machine_(machine), tracer_(program, machine) {}

  // Finds what kept the node from being `wanted`.
  void visit(const Node& node, bool wanted);
  std::vector<Observation> take() { return std::move(observations_); }

 private:
  void operands(const Node& node, bool wanted, Truth truth);
  void conditional(const Node& node, bool wanted);
  void elements(const Node& node, bool wanted, Truth truth);
  void bound(const Node& node, bool wanted);
  void alternative(const Node& node, bool wanted);
  void relation(const Node& node, bool wanted, const Value& result);
  std::string relation_wish(const Node& node, const Relation& relation, size_t operand);
  void membership(const Node& node, bool wanted, const Value& result);
  void function(const Node& node, bool wanted, const Value& result);
  void everything_below(const Node& node, bool wanted, const Value& result);
  void observe_sides(const Node& node, std::string wish, std::string mirrored_wish,
                     const Value& result);
  // The place of the node, if it has one, with what was found there.
  bool observe(const Node& node, const std::string& wish, const Value& result);
  void add(Observation observation);
  std::string source_of(const Node& node, bool wanted) const;

  const Program::Impl& program_;
  Machine& machine_;
  Tracer tracer_;
  std::vector<Observation> observations_;
  std::string_view joint_ = " and ";  // how two wishes about one place go together
};

void Explainer::visit(const Node& node, bool wanted) {
  const Value result = machine_.evaluate(node);
  const Truth truth = truth_of(result);
  if (truth == (wanted ? Truth::True : Truth::False)) return;
  if (observations_.size() >= kMostObservations) return;
  switch (node.op) {
    case Op::Constant:
    case Op::Fail:
      return;
    case Op::And:
    case Op::Or:
      return operands(node, wanted, truth);
    case Op::Not:
      return visit(*node.args[0], !wanted);
    case Op::Conditional:
      return conditional(node, wanted);
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
      return elements(node, wanted, truth);
    case Op::Bind:
      return bound(node, wanted);
    case Op::OptionalOrValue:
      return alternative(node, wanted);
    case Op::Has:
    case Op::HasPath:
      observe(node, wanted ? "set" : "not set", result);
      return;
    case Op::In:
      return membership(node, wanted, result);
    case Op::Call:
    case Op::Matches:
      return function(node, wanted, result);
    default:
      break;
  }
  if (relation_of(node.op) != nullptr) return relation(node, wanted, result);
  if (!observe(node, wanted ? "true" : "false", result)) everything_below(node, wanted, result);
}

// Of an `&&` that is false the false operands count, of one that is unknown the unknown ones; and
// so for `||`.
void Explainer::operands(const Node& node, bool wanted, Truth truth) {
  const std::string_view outer = joint_;
  joint_ = (node.op == Op::And) == wanted ? " and " : " or ";
  for (const Node* arg : node.args) {
    if (truth_of(machine_.evaluate(*arg)) == truth) visit(*arg, wanted);
  }
  joint_ = outer;
}

void Explainer::conditional(const Node& node, bool wanted) {
  const Value condition = machine_.evaluate(*node.args[0]);
  if (!condition.is(Kind::Bool)) return visit(*node.args[0], true);
  const Node& chosen = *node.args[condition.boolean() ? 1 : 2];
  // Where the branch is a plain `true` or `false`, it was the condition that decided.
  if (chosen.op == Op::Constant) return visit(*node.args[0], !condition.boolean());
  visit(chosen, wanted);
}

void Explainer::elements(const Node& node, bool wanted, Truth truth) {
  const Value range = machine_.evaluate(*node.args[0]);
  if (!range.is_settled()) {
    if (!observe(*node.args[0], "set", range)) everything_below(*node.args[0], true, range);
    return;
  }
  if (node.op == Op::ExistsOne && truth == Truth::False) {
    observe(*node.args[0], "exactly one element with " + source_of(*node.args[1], true), range);
    return;
  }
  const std::string_view outer = joint_;
  joint_ = (node.op == Op::All) == wanted ? " and " : " or ";
  const size_t before = observations_.size();
  bool empty = true;
  tracer_.items_of(*node.args[0], [&](const Item& item) {
    empty = false;
    tracer_.bind(node, item, range.is(Kind::Map));
    if (truth_of(machine_.evaluate(*node.args[1])) == truth) visit(*node.args[1], wanted);
    return observations_.size() < kMostObservations && !machine_.context().is_exhausted();
  });
  joint_ = outer;
  if (empty) {
    observe(*node.args[0], wanted ? "not empty" : "empty", range);
    return;
  }
  // Undecided by whether an element is there at all, not by what it is.
  if (observations_.size() == before)
    observe(*node.args[0], "elements with " + source_of(*node.args[1], wanted),
            machine_.evaluate(node));
}

void Explainer::bound(const Node& node, bool wanted) {
  tracer_.bind(node.slot, machine_.evaluate(*node.args[0]), tracer_.place_of(*node.args[0]));
  visit(*node.args[1], wanted);
}

// x.orValue(y) as a condition; x may be y.optMap(v, condition).
void Explainer::alternative(const Node& node, bool wanted) {
  const Node& target = *node.args[0];
  const bool maps = target.op == Op::OptionalMap || target.op == Op::OptionalFlatMap;
  if (maps) {
    const Value inner = machine_.evaluate(*target.args[0]);
    if (inner.is(Kind::Optional) && inner.content() != nullptr) {
      tracer_.bind(target.slot, *inner.content(), tracer_.place_of(*target.args[0]));
      return visit(*target.args[1], wanted);
    }
    observe(*target.args[0], "set", inner);
    return;
  }
  const Value result = machine_.evaluate(node);
  if (!observe(node, wanted ? "true" : "false", result)) everything_below(node, wanted, result);
}

void Explainer::relation(const Node& node, bool wanted, const Value& result) {
  const Relation& row = row_of(wanted ? node.op : row_of(node.op).negated);
  const Relation& mirror = row_of(row.mirrored);
  observe_sides(node, relation_wish(node, row, 0), relation_wish(node, mirror, 1), result);
}

// The wish about the operand of that number, measured by the other one.
std::string Explainer::relation_wish(const Node& node, const Relation& relation, size_t operand) {
  const Node& side = *node.args[operand];
  const std::string value = spell(machine_.evaluate(*node.args[1 - operand]));
  if (side.op != Op::Call || side.name != "size") return std::string(relation.symbol) + value;
  if (is_comprehension(side.args[0]->op)) return source_of(node, relation.op == node.op);
  const bool zero = value == "0";
  if (zero && (relation.op == Op::Greater || relation.op == Op::NotEqual)) return "not empty";
  if (zero && (relation.op == Op::Equal || relation.op == Op::LessEqual)) return "empty";
  if (value == "1" && relation.op == Op::GreaterEqual) return "not empty";
  return "size " + std::string(relation.symbol) + value;
}

void Explainer::membership(const Node& node, bool wanted, const Value& result) {
  const std::string element = spell(machine_.evaluate(*node.args[0]));
  const std::string list = spell(machine_.evaluate(*node.args[1]));
  observe_sides(node, (wanted ? "one of " : "none of ") + list,
                (wanted ? "contains " : "does not contain ") + element, result);
}

// Of two sides that both are places the one whose variable was declared first is what is judged;
// the other (a parameter) is what it is judged by. That one is only named when it has no value.
void Explainer::observe_sides(const Node& node, std::string wish, std::string mirrored_wish,
                              const Value& result) {
  const Node* judged = node.args[0];
  const Node* other = node.args[1];
  const std::optional<Place> left = tracer_.place_of(*judged);
  const std::optional<Place> right = tracer_.place_of(*other);
  if (right && (!left || right->root < left->root)) {
    std::swap(judged, other);
    std::swap(wish, mirrored_wish);
  }
  const Value by = machine_.evaluate(*other);
  const bool measurable = by.is_settled();
  const bool judged_counts = measurable || !machine_.evaluate(*judged).is_settled();
  bool observed = judged_counts && observe(*judged, measurable ? wish : "set", result);
  if (!measurable) observed = observe(*other, "set", by) || observed;
  if (!observed) everything_below(node, true, result);
}

void Explainer::function(const Node& node, bool wanted, const Value& result) {
  const auto* const question =
      std::find_if(std::begin(kQuestions), std::end(kQuestions), [&](const Question& row) {
        return row.function == (node.op == Op::Matches ? "matches" : node.name);
      });
  std::string wish = source_of(node, wanted);
  if (question != std::end(kQuestions)) {
    const Value part =
        node.op == Op::Matches ? Value::string(node.name) : machine_.evaluate(*node.args[1]);
    wish = std::string(wanted ? question->wish : question->opposite) + spell(part);
  } else if (node.op == Op::Call && node.name == "hasValue") {
    wish = wanted ? "set" : "not set";
  }
  if (node.args.empty()) return;
  if (!observe(*node.args[0], wish, result)) everything_below(node, wanted, result);
}

// Nothing simple: every place that the part looks at, with the part itself as the wish.
void Explainer::everything_below(const Node& node, bool wanted, const Value& result) {
  const std::string wish = source_of(node, wanted);
  std::vector<const Node*> open = {&node};
  while (!open.empty()) {
    const Node* const next = open.back();
    open.pop_back();
    if (tracer_.place_of(*next)) {
      const Value found = machine_.evaluate(*next);
      if (result.is(Kind::Bool) || !found.is_settled()) observe(*next, wish, found);
      continue;
    }
    // The variables of a comprehension only have a place while it is gone over.
    const auto below = is_comprehension(next->op) ? next->args.first(1) : next->args;
    open.insert(open.end(), below.rbegin(), below.rend());
  }
}

bool Explainer::observe(const Node& node, const std::string& wish, const Value& result) {
  const std::optional<Place> place = tracer_.place_of(node);
  if (!place) return false;
  Value found = tracer_.value_at(node);
  if (found.is(Kind::Optional) && found.content() != nullptr) found = Value(*found.content());
  Observation observation{place->path, "", wish, nullptr};
  if (found.is_unknown() || (result.is_unknown() && found.is_settled())) {
    observation.found = "not known";
    observation.unknown = found.is_unknown() ? found.unknown_node() : result.unknown_node();
  } else if (found.is_error() || found.is(Kind::Optional)) {
    observation.found = "not set";
  } else {
    observation.found = spell(found);
  }
  add(std::move(observation));
  return true;
}

void Explainer::add(Observation observation) {
  const auto same =
      std::find_if(observations_.begin(), observations_.end(),
                   [&](const Observation& other) { return other.path == observation.path; });
  if (same == observations_.end()) {
    if (observations_.size() < kMostObservations) observations_.push_back(std::move(observation));
    return;
  }
  if (same->wanted == observation.wanted) return;
  same->wanted += joint_;
  same->wanted += observation.wanted;
}

std::string Explainer::source_of(const Node& node, bool wanted) const {
  const std::string text = program_.text.substr(node.begin, node.end - node.begin);
  return wanted ? text : "not (" + text + ")";
}

}  // namespace

Explanation explain(const Program& program, std::span<const Value> variables, Scratch& scratch) {
  const Program::Impl& compiled = program.impl();
  Scratch::Impl& memory = scratch.impl();
  Limits limits = compiled.limits;
  limits.iterations *= kMoreThanEvaluating;
  limits.work *= kMoreThanEvaluating;
  memory.prepare(compiled, limits);
  Machine machine(limits, variables, memory.locals, memory.arena);
  Explanation explanation;
  const Value value = machine.evaluate(*compiled.root);
  if (value.is_true()) return explanation;
  if (truth_of(value) == Truth::Error) {
    const Value wrong =
        value.is_error() ? value : Value::error("this is neither true nor false", 0);
    explanation.error = point_at(compiled.text, wrong.offset(), wrong.text());
  }
  Explainer explainer(compiled, machine);
  explainer.visit(*compiled.root, true);
  explanation.observations = explainer.take();
  return explanation;
}

}  // namespace sagewarden::cel
