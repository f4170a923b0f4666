// read_cloudformation(): one template, resource by resource.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/huge_pages.h"
#include "base/json.h"
#include "base/text.h"
#include "model/arn.h"
#include "source/cloudformation/nested.h"
#include "source/cloudformation/resolver.h"
#include "source/cloudformation/suppressions.h"
#include "source/cloudformation/template.h"
#include "source/cloudformation/translate.h"
#include "source/source.h"

namespace sagewarden {
namespace cloudformation {
namespace {

using Kind = Value::Kind;

// Of a template: from where on its tree is worth preparing for, and what a byte of it takes there.
constexpr size_t kLarge = size_t{512} * 1024;
constexpr size_t kTreePerByte = 11;
constexpr std::string_view kNoControl = "type without a control";
constexpr std::string_view kConditionFalse = "condition is false";
constexpr std::string_view kNestedStack = "nested stack, whose template is a file of its own";

// What a parameter of a nested stack is given, as CloudFormation hands it over: a text.
Handed handed(const Value& value) {
  const auto is_text = [](const Value& part) { return part.is_scalar() && !part.optional; };
  if (is_text(value)) return {value.text, {}, false};
  if (value.is(Kind::List) && std::ranges::all_of(value.items, is_text)) {
    Handed list = {std::string(), {}, false};
    for (const Value& item : value.items)
      ((*list.text) += &item == value.items.data() ? "" : ",") += item.text;
    return list;
  }
  const bool filled = value.is(Kind::Opaque) && !value.optional && !value.maybe_empty;
  return {std::nullopt, value.reason.empty() ? "it is no text" : value.reason, filled};
}

HandedDown handed_down(std::string_view type, const Value& properties) {
  HandedDown all;
  if (type == kStackSet) {
    all.unclear = "each instance of a stack set may give it a value of its own";
    return all;
  }
  const Value* parameters =
      properties.is(Value::Kind::Opaque) ? &properties : properties.find("Parameters");
  if (parameters == nullptr) return all;
  if (!parameters->is(Value::Kind::Object) || parameters->optional)
    all.unclear = parameters->reason.empty() ? "its Parameters are no mapping" : parameters->reason;
  for (const Value::Member& member : parameters->members)
    all.parameters.emplace(member.key, handed(member.value));
  return all;
}

bool wanted(std::string_view type, const SourceOptions& options) {
  return std::binary_search(options.types.begin(), options.types.end(), type);
}

// Whether a loop that was not unrolled, or another template's Resources, might make a resource that
// some control is about.
bool may_make_wanted(const Node& body, const SourceOptions& options) {
  if (body.is_sequence())
    return std::any_of(body.items.begin(), body.items.end(),
                       [&](const Node& item) { return may_make_wanted(item, options); });
  return std::any_of(body.entries.begin(), body.entries.end(), [&](const Node::Entry& entry) {
    if (entry.key.starts_with("Fn::ForEach::")) return may_make_wanted(entry.value, options);
    const Node* type = entry.value.find("Type");
    if (type == nullptr || !type->is_string() || !type->tag.empty()) return true;
    return type->text.find('{') != std::string::npos || wanted(type->text, options) ||
           brings_others(type->text);
  });
}

// The same of a template that is written inside of this one, as a text.
bool inline_may_make_wanted(const Value& body, const SourceOptions& options) {
  if (!body.is_scalar() || body.optional) return true;
  const Result<Node> root = read_yaml_or_json(body.text);
  const Node* resources = root ? root->find("Resources") : nullptr;
  if (resources == nullptr) return true;
  const std::vector<Transform> applied = transforms(*root);
  return may_make_wanted(*resources, options) ||
         std::any_of(applied.begin(), applied.end(),
                     [](const Transform& transform) { return changes_resources(transform.name); });
}

class Reader {
 public:
  Reader(const TextInput& input, const SourceOptions& options, Sink& sink)
      : input_(input), options_(options), sink_(sink), problems_(input.name, sink) {}

  Result<void> read() {
    if (input_.text.size() > kLarge) prepare_heap(kTreePerByte * input_.text.size());
    TRY_LET(const Node root, read_template(input_.text));
    const Node* section = root.find("Resources");
    if (section == nullptr)
      return fail(Error::Code::Invalid, "no CloudFormation template: it has no Resources");
    if (!section->is_mapping()) {
      const Mark at = section->mark;
      return fail(Error::Code::Invalid,
                  (at.line == 0 ? "" : fmt::format("line {}, column {}: ", at.line, at.column)) +
                      "Resources is no mapping");
    }
    ParameterValues values;
    if (options_.nested != nullptr) values.handed = options_.nested->handed_to(input_.name);
    GivenParameters own;
    if (options_.parameters == nullptr) {
      TRY_LET(own, read_parameter_files(options_.parameter_files));
    } else if (!values.handed) {
      options_.parameters->met(root.find("Parameters"));
    }
    values.files = options_.parameters == nullptr ? &own : &options_.parameters->values();
    report_transforms(root);
    Resolver resolver(root, input_.text.size(), options_, problems_);
    resolver.declare(declare_parameters(root.find("Parameters"), values, problems_));
    resolver.declare_conditions();
    const Entries resources = resolver.declare_resources();
    report_missing(resources);
    for (const Unrolled& resource : resources.list) read_resource(resource, resolver);
    return {};
  }

 private:
  void report_transforms(const Node& root) {
    for (const Transform& transform : transforms(root)) {
      if (!changes_resources(transform.name)) continue;
      problems_.report(transform.mark, code::kTransform,
                       fmt::format("the transform {} is not applied: it may add resources, or "
                                   "change those that are judged here",
                                   shown(transform.name)));
    }
  }

  void report_missing(const Entries& resources) {
    if (resources.missing.empty()) return;
    const bool loops_only = !resources.skipped.empty();
    const bool matters =
        !loops_only ||
        std::any_of(resources.skipped.begin(), resources.skipped.end(), [&](const Node* loop) {
          return loop->items.size() != 3 || may_make_wanted(loop->items[2], options_);
        });
    if (matters)
      problems_.report(resources.missing_mark, code::kLoop,
                       "some resources are not read: " + resources.missing);
  }

  void read_resource(const Unrolled& resource, Resolver& resolver) {
    problems_.about(resource.key, {});
    const Node* declared = resource.value->find("Type");
    if (declared == nullptr || !declared->is_string() || !declared->tag.empty()) {
      problems_.report(
          resource.key_mark, code::kMalformed,
          declared == nullptr
              ? fmt::format("the resource {} has no Type; it is not judged", shown(resource.key))
              : fmt::format("the Type of the resource {} is no plain text; it is not judged",
                            shown(resource.key)));
      return;
    }
    const std::string type = resolver.substitute(declared->text, resource.scope);
    if (!template_property(type).empty()) return read_stack(resource, type, resolver);
    const bool is_wanted = wanted(type, options_);
    if (!is_wanted && !is_module(type)) {
      if (const std::string_view meant = in_right_case(type); !meant.empty())
        return problems_.report(declared->mark, code::kMalformed,
                                fmt::format("{} is no type (did you mean {}?): the resource {} is "
                                            "not judged",
                                            shown(type), meant, shown(resource.key)));
      return sink_.passed_over(kNoControl, type);
    }
    problems_.about(resource.key, type);
    const size_t before = resolver.assumptions();
    if (is_left_out(resource, resolver)) {
      sink_.passed_over(kConditionFalse, type);
    } else {
      if (is_module(type)) report_module(resource);
      if (is_wanted) hand_over(resource, type, resolve_properties(resource, resolver));
    }
    resolver.drop_assumptions(before);
    problems_.about({}, {});
  }

  // The wanted type that is meant by one which CloudFormation would refuse for its capitals.
  std::string_view in_right_case(std::string_view type) const {
    const auto found = std::ranges::find_if(options_.types, [&](std::string_view wanted) {
      return wanted.size() == type.size() && lower(wanted) == lower(type);
    });
    return found == options_.types.end() ? std::string_view() : std::string_view(*found);
  }

  void report_module(const Unrolled& resource) {
    problems_.report(resource.key_mark, code::kModule,
                     fmt::format("the module {} is not read: what it puts in its place stands in "
                                 "the registry; scan the processed template",
                                 shown(resource.key)));
  }

  // A nested stack's template is read as a file of its own; here it is given its parameters.
  void read_stack(const Unrolled& resource, std::string_view type, Resolver& resolver) {
    problems_.about(resource.key, type);
    const size_t before = resolver.assumptions();
    if (is_left_out(resource, resolver)) {
      sink_.passed_over(kConditionFalse, type);
    } else {
      hand_down(resource, type, resolve_properties(resource, resolver));
    }
    resolver.drop_assumptions(before);
    problems_.about({}, {});
  }

  void hand_down(const Unrolled& resource, std::string_view type, const Value& properties) {
    const std::string stack =
        fmt::format("{} {}", type == kStackSet ? "stack set" : "nested stack", shown(resource.key));
    const Value* url = properties.find(template_property(type));
    const Value* body = properties.find("TemplateBody");
    if (url == nullptr && body != nullptr) {
      if (!inline_may_make_wanted(*body, options_)) return sink_.passed_over(kNoControl, type);
      problems_.report(resource.key_mark, code::kNested,
                       fmt::format("the {} is not read: its template is a text inside of this one; "
                                   "save that as a file and scan it as well",
                                   stack));
      return;
    }
    const bool known = url != nullptr && url->is_scalar() && !url->optional;
    const std::string file = nested_file(input_.name, *resource.value,
                                         known ? std::string_view(url->text) : std::string_view());
    if (file.empty() || options_.nested == nullptr || !options_.nested->is_input(file)) {
      const std::string place = known ? fmt::format(" ({})", shown(url->text)) : std::string();
      problems_.report(
          resource.key_mark, code::kNested,
          fmt::format("the {} is not read: its template{} is not among the inputs; "
                      "scan that as well{}",
                      stack, place,
                      file.empty() ? ", with --parameters for what it is given here" : ""));
      return;
    }
    sink_.passed_over(kNestedStack, type);
    if (options_.nested->hand_down(file, handed_down(type, properties))) return;
    problems_.report(
        resource.key_mark, code::kNested,
        fmt::format("the template of the {} has been read without the parameters that it is given "
                    "here: name it as a plain path, not by way of a function",
                    stack));
  }

  // The resource's own condition. When it is not known it is taken to hold, as the resource is
  // judged for the case that it is there.
  bool is_left_out(const Unrolled& resource, Resolver& resolver) {
    const Node* condition = resource.value->find("Condition");
    if (condition == nullptr) return false;
    if (!condition->is_string()) {
      problems_.report(condition->mark, code::kMalformed,
                       "Condition is not the name of a condition; the resource is judged");
      return false;
    }
    const std::string name = resolver.substitute(condition->text, resource.scope);
    const Truth truth = resolver.condition(name, condition->mark).truth;
    if (truth == Truth::Unknown) resolver.assume(name, true);
    return truth == Truth::False;
  }

  Value resolve_properties(const Unrolled& resource, Resolver& resolver) {
    const Node& node = *resource.value;
    if (node.find("Fn::Transform") != nullptr)
      return opaque("Fn::Transform may put anything here at deployment", resource.key_mark);
    const Node* properties = node.find("Properties");
    Value empty;
    empty.kind = Value::Kind::Object;
    empty.mark = resource.key_mark;
    if (properties == nullptr) return empty;
    Value value = resolver.resolve(*properties, resource.scope);
    if (value.is(Value::Kind::Absent)) return empty;
    if (!value.is(Value::Kind::Object) && !value.is(Value::Kind::Opaque))
      return resolver.malformed(properties->mark, "Properties is no mapping");
    return value;
  }

  void hand_over(const Unrolled& resource, std::string_view type, Value properties) {
    const Translated translated = translate(type, std::move(properties));
    const Location location{input_.name, resource.key_mark.line, resource.key_mark.column,
                            resource.key};
    const std::vector<InlineSuppression> suppressions =
        read_suppressions(*resource.value, problems_);
    const Result<json::Value> parsed = parser_.parse(translated.properties);
    const Result<json::Value> tags = tag_parser_.parse(translated.tags);
    if (!parsed || !tags) {
      problems_.report(resource.key_mark, code::kMalformed,
                       fmt::format("the resource {} is not judged: {}", shown(resource.key),
                                   (!parsed ? parsed : tags).error().message));
      return;
    }
    Resource out;
    out.type = type;
    out.name = translated.name.empty() ? std::string_view(resource.key) : translated.name;
    out.account = options_.account;
    out.region = options_.region;
    out.partition =
        options_.partition.empty() ? partition_of_region(options_.region) : options_.partition;
    out.properties = *parsed;
    out.tags = *tags;
    if (!translated.unknown_properties.empty())
      out.unknown_properties = &translated.unknown_properties;
    if (!translated.unknown_tags.empty()) out.unknown_tags = &translated.unknown_tags;
    out.location = &location;
    if (!translated.lines.empty()) out.property_lines = &translated.lines;
    if (!suppressions.empty()) out.suppressions = &suppressions;
    if (!translated.defaulted.empty()) out.defaulted = &translated.defaulted;
    sink_.resource(out);
  }

  const TextInput& input_;
  const SourceOptions& options_;
  Sink& sink_;
  Problems problems_;
  json::Parser parser_;
  json::Parser tag_parser_;
};

}  // namespace
}  // namespace cloudformation

Result<void> read_cloudformation(const TextInput& input, const SourceOptions& options, Sink& sink) {
  return cloudformation::Reader(input, options, sink).read();
}

}  // namespace sagewarden
