// The Conditions section: true, false, or not known before deployment.
#include <fmt/format.h>

#include <unordered_map>

#include "source/cloudformation/resolver.h"

namespace sagewarden::cloudformation {
namespace {

using Kind = Value::Kind;

constexpr size_t kMaxAssumeSteps = 64;  // expressions looked into for what an assumption brings

// A condition function in either form: {Fn::Not: […]} or !Not […].
struct Expression {
  std::string_view name;  // "And", "Or", "Not", "Equals", "Condition"; empty: none of these
  const Node* arguments = nullptr;  // "Condition": the name of another one
};

Expression expression_of(const Node& node) {
  constexpr std::string_view kPrefix = "Fn::";
  if (!node.tag.empty()) return {std::string_view(node.tag).substr(1), &node};
  if (!node.is_mapping() || node.entries.size() != 1) return {};
  const Node::Entry& only = node.entries.front();
  const std::string_view key = only.key;
  if (key == "Condition") return {key, &only.value};
  if (key.substr(0, kPrefix.size()) != kPrefix) return {};
  return {key.substr(kPrefix.size()), &only.value};
}

Truth negated(Truth truth) {
  switch (truth) {
    case Truth::False:
      return Truth::True;
    case Truth::True:
      return Truth::False;
    case Truth::Unknown:
      break;
  }
  return Truth::Unknown;
}

Judged equal(const Value& a, const Value& b);

Judged equal_opaque(const Value& opaque, const Value& other) {
  if (opaque.choices != nullptr && other.is_scalar() && !other.optional) {
    for (const std::string& choice : *opaque.choices) {
      if (choice == other.text) return {Truth::Unknown, opaque.reason};
    }
    return {Truth::False, {}};
  }
  return {Truth::Unknown, opaque.reason};
}

// One after the other; one pair that differs decides.
class Both {
 public:
  bool differ(const Value& a, const Value& b) {
    const Judged judged = equal(a, b);
    if (judged.truth == Truth::Unknown) so_far_ = judged;
    return judged.truth == Truth::False;
  }
  Judged result() const { return so_far_; }

 private:
  Judged so_far_{Truth::True, {}};
};

Judged equal_lists(const Value& a, const Value& b) {
  if (a.items.size() != b.items.size()) return {Truth::False, {}};
  Both both;
  for (size_t i = 0; i < a.items.size(); ++i) {
    if (both.differ(a.items[i], b.items[i])) return {Truth::False, {}};
  }
  return both.result();
}

Judged equal_objects(const Value& a, const Value& b) {
  if (a.members.size() != b.members.size()) return {Truth::False, {}};
  std::unordered_map<std::string_view, const Value*> others;
  for (const Value::Member& member : b.members) others.emplace(member.key, &member.value);
  Both both;
  for (const Value::Member& member : a.members) {
    const auto other = others.find(member.key);
    if (other == others.end() || both.differ(member.value, *other->second))
      return {Truth::False, {}};
  }
  return both.result();
}

// Fn::Equals: letter for letter; numbers and booleans by their texts.
Judged equal(const Value& a, const Value& b) {
  if (a.is(Kind::Opaque)) return equal_opaque(a, b);
  if (b.is(Kind::Opaque)) return equal_opaque(b, a);
  if (a.optional || b.optional) return {Truth::Unknown, a.optional ? a.reason : b.reason};
  if (a.is_scalar() && b.is_scalar()) return {a.text == b.text ? Truth::True : Truth::False, {}};
  if (a.is(Kind::List) && b.is(Kind::List)) {
    // An element that may be missing shifts the others.
    for (const Value* list : {&a, &b}) {
      for (const Value& item : list->items) {
        if (item.optional) return {Truth::Unknown, item.reason};
      }
    }
    return equal_lists(a, b);
  }
  if (a.is(Kind::Object) && b.is(Kind::Object)) {
    for (const Value* object : {&a, &b}) {
      for (const Value::Member& member : object->members) {
        if (member.value.optional) return {Truth::Unknown, member.value.reason};
      }
    }
    return equal_objects(a, b);
  }
  return {Truth::False, {}};
}

}  // namespace

Judged Resolver::undecided(Mark mark, const std::string& why) {
  problems_.report(mark, code::kMalformed, why + "; the condition counts as not known");
  return {Truth::Unknown, why};
}

Judged Resolver::condition(std::string_view name, Mark mark) {
  for (auto assumed = assumed_.rbegin(); assumed != assumed_.rend(); ++assumed) {
    if (assumed->first == name) return {assumed->second ? Truth::True : Truth::False, {}};
  }
  return defined(name, mark);
}

// As the Conditions section has it. What is assumed at the moment must stay out, as the result is
// kept.
Judged Resolver::defined(std::string_view name, Mark mark) {
  using State = Condition::State;
  const auto found = conditions_.find(name);
  if (found == conditions_.end()) {
    const std::string why = fmt::format("there is no condition {}", shown(name));
    return more_names_ ? Judged{Truth::Unknown, why} : undecided(mark, why);
  }
  Condition& condition = found->second;
  if (condition.state == State::Done) return condition.judged;
  if (condition.state == State::Running)
    return undecided(condition.node->mark,
                     fmt::format("the condition {} leads back to itself", shown(name)));
  condition.state = State::Running;
  std::vector<std::pair<std::string, bool>> assumed;
  assumed.swap(assumed_);
  condition.judged = judge(*condition.node, condition.scope);
  assumed.swap(assumed_);
  condition.state = State::Done;
  return condition.judged;
}

Judged Resolver::judge(const Node& node, const Scope* scope) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) {
    problems_.report(node.mark, code::kLimit,
                     "conditions stand too deep inside each other; this one counts as not known");
    return {Truth::Unknown, "conditions stand too deep inside each other"};
  }
  if (exhausted_) return {Truth::Unknown, "the template takes too much work to resolve"};
  const auto [name, arguments] = expression_of(node);
  if (name == "Condition" && arguments->is_string())
    return defined(substitute(arguments->text, scope), node.mark);
  const bool list = !name.empty() && arguments->is_sequence() && !arguments->items.empty();
  if (name == "And" && list) return judge_all(*arguments, scope, Truth::True);
  if (name == "Or" && list) return judge_all(*arguments, scope, Truth::False);
  if (name == "Equals" && list && arguments->items.size() == 2)
    return judge_equals(*arguments, scope);
  if (name == "Not" && list && arguments->items.size() == 1) {
    Judged inner = judge(arguments->items.front(), scope);
    inner.truth = negated(inner.truth);
    return inner;
  }
  return undecided(
      node.mark,
      "a condition is Fn::And, Fn::Or, Fn::Not, Fn::Equals or Condition, each with its "
      "arguments");
}

// Fn::And starts from True and Fn::Or from False; the opposite of that decides.
Judged Resolver::judge_all(const Node& arguments, const Scope* scope, Truth neutral) {
  Judged result{neutral, {}};
  for (const Node& item : arguments.items) {
    Judged judged = judge(item, scope);
    if (judged.truth == negated(neutral)) return judged;
    if (judged.truth == Truth::Unknown && result.truth != Truth::Unknown)
      result = std::move(judged);
  }
  return result;
}

Judged Resolver::judge_equals(const Node& arguments, const Scope* scope) {
  const Value left = resolve(arguments.items[0], scope);
  const Value right = resolve(arguments.items[1], scope);
  if (left.is(Value::Kind::Absent) || right.is(Value::Kind::Absent))
    return undecided(arguments.mark, "AWS::NoValue cannot be compared");
  return equal(left, right);
}

// ---- assumptions ----

size_t Resolver::assume(std::string_view name, bool holds) {
  const size_t before = assumed_.size();
  assume_steps_ = 0;
  assume_named(name, holds);
  return before;
}

void Resolver::assume_named(std::string_view name, bool holds) {
  if (assumed_.size() >= kMaxAssumed) return;
  assumed_.emplace_back(name, holds);
  const auto found = conditions_.find(name);
  if (found != conditions_.end())
    assume_expression(*found->second.node, found->second.scope, holds);
}

// All parts of an Fn::And that holds hold; no part of an Fn::Or that does not hold holds.
void Resolver::assume_expression(const Node& node, const Scope* scope, bool holds) {
  if (++assume_steps_ > kMaxAssumeSteps) return;
  const auto [name, arguments] = expression_of(node);
  if (name == "Condition" && arguments->is_string())
    return assume_named(substitute(arguments->text, scope), holds);
  if (name == "Not" && arguments->items.size() == 1)
    return assume_expression(arguments->items.front(), scope, !holds);
  if ((name != "And" || !holds) && (name != "Or" || holds)) return;
  for (const Node& item : arguments->items) {
    if (assume_steps_ > kMaxAssumeSteps) return;
    assume_expression(item, scope, holds);
  }
}

}  // namespace sagewarden::cloudformation
