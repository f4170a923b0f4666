// parse_control(): from the text of a YAML file to a control, strictly. Whatever is not understood
// is an error that names its place: a control that means less than its author thinks would let
// something pass.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "control/control.h"
#include "control/fields.h"
#include "control/node_text.h"
#include "control/parameters.h"
#include "control/type_name.h"
#include "control/variables.h"

namespace sagewarden {
namespace {

using Need = FieldRule::Need;
using Kind = Node::Kind;

constexpr size_t kMaxIdBytes = 64;
constexpr size_t kMaxTitleBytes = 256;  // ASFF's limit, so that no report has to cut it
constexpr size_t kMaxTestPathSteps = 64;

constexpr std::array<FieldRule, 12> kControlFields = {{{"id", Need::Required, Kind::String},
                                                       {"title", Need::Required, Kind::String},
                                                       {"severity", Need::Required, Kind::String},
                                                       {"resource", Need::Required, Kind::String},
                                                       {"applies"},
                                                       {"passes", Need::Required},
                                                       {"params", Need::Optional, Kind::Mapping},
                                                       {"why", Need::Required, Kind::String},
                                                       {"fix", Need::Required, Kind::String},
                                                       {"note", Need::Optional, Kind::String},
                                                       {"aws", Need::Optional, Kind::Mapping},
                                                       {"tests", Need::Optional, Kind::Sequence}}};
constexpr std::array<FieldRule, 6> kAwsFields = {{{"config_rule", Need::Optional, Kind::String},
                                                  {"category", Need::Optional, Kind::String},
                                                  {"schedule", Need::Optional, Kind::String},
                                                  {"standards", Need::Optional, Kind::Sequence},
                                                  {"requirements", Need::Optional, Kind::Sequence},
                                                  {"documentation", Need::Optional, Kind::String}}};
constexpr std::array<FieldRule, 10> kTestFields = {
    {{"name", Need::Required, Kind::String},
     {"given", Need::Required, Kind::Mapping},
     {"tags", Need::Optional, Kind::Mapping},
     {"params", Need::Optional, Kind::Mapping},
     {"account", Need::Optional, Kind::String},
     {"region", Need::Optional, Kind::String},
     {"unknown", Need::Optional, Kind::Sequence},
     {"set_but_unknown", Need::Optional, Kind::Sequence},
     {"denied", Need::Optional, Kind::Sequence},
     {"expect", Need::Required, Kind::String}}};

struct TextField {
  std::string_view name;
  std::string ControlInfo::*member;
};
constexpr std::array<TextField, 6> kTexts = {{{"id", &ControlInfo::id},
                                              {"title", &ControlInfo::title},
                                              {"resource", &ControlInfo::resource_type},
                                              {"why", &ControlInfo::why},
                                              {"fix", &ControlInfo::fix},
                                              {"note", &ControlInfo::note}}};
constexpr std::array<TextField, 4> kAwsTexts = {{{"config_rule", &ControlInfo::config_rule},
                                                 {"category", &ControlInfo::category},
                                                 {"schedule", &ControlInfo::schedule},
                                                 {"documentation", &ControlInfo::documentation}}};

constexpr std::array<std::pair<std::string_view, Verdict>, 5> kVerdicts = {
    {{"NOT_APPLICABLE", Verdict::NotApplicable},
     {"PASSED", Verdict::Passed},
     {"FAILED", Verdict::Failed},
     {"WARNING", Verdict::Warning},
     {"NOT_AVAILABLE", Verdict::NotAvailable}}};

bool only(std::string_view text, std::string_view extra) {
  return std::ranges::all_of(text, [&](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || extra.find(byte) != std::string_view::npos;
  });
}

// "SageMaker.7", "sagewarden.123": a catalogue may grow, so all of them are taken.
bool is_reserved(std::string_view id) {
  const size_t dot = id.find('.');
  const std::string family = lower(id.substr(0, dot));
  if (dot == std::string_view::npos || (family != "sagemaker" && family != "sagewarden"))
    return false;
  const std::string_view number = id.substr(dot + 1);
  return number.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string id_problem(std::string_view id, std::string_view set) {
  if (id.size() > kMaxIdBytes || !only(id.substr(0, 1), "") || !only(id, "._-"))
    return fmt::format(
        "\"{}\" is no id: at most {} letters, digits, \".\", \"_\" and \"-\", a letter or digit "
        "first",
        printable(id.substr(0, kMaxIdBytes)), kMaxIdBytes);
  if (set == "user" && is_reserved(id))
    return fmt::format(
        "\"{}\" is an id of the catalogue; give your control one of your own, such as "
        "\"Acme.{}\"",
        id, id.substr(id.find('.') + 1));
  return {};
}

std::string title_problem(std::string_view title) {
  if (title.size() > kMaxTitleBytes)
    return fmt::format("the title has {} bytes; {} is the most that reports can carry",
                       title.size(), kMaxTitleBytes);
  if (title.find('\n') != std::string_view::npos) return "the title must be a single line";
  return {};
}

std::string documentation_problem(std::string_view address) {
  if (address.empty() || address.substr(0, 8) == "https://") return {};
  return "the documentation must be an https address";
}

// "line 3, column 5: why", as the YAML reader says it, in the form of all other errors: "3:5: why".
std::string as_place(std::string_view message) {
  constexpr std::string_view kLine = "line ";
  constexpr std::string_view kColumn = ", column ";
  const size_t column = message.find(kColumn);
  if (message.substr(0, kLine.size()) != kLine || column == message.npos)
    return fmt::format(" {}", message);
  return fmt::format("{}:{}", message.substr(kLine.size(), column - kLine.size()),
                     message.substr(column + kColumn.size()));
}

class Reader {
 public:
  Reader(std::string_view file, std::string_view set, ReadTests tests)
      : file_(file), set_(set), read_tests_(tests) {}

  Result<Control> control(const Node& root) {
    TRY_DO(check_fields(file_, root, "the control", kControlFields));
    TRY_DO(texts(root));
    if (const Node* aws = root.find("aws"); aws != nullptr) TRY_DO(aws_facts(*aws));
    if (const Node* params = root.find("params"); params != nullptr) {
      TRY_LET(info_.parameters, parse_parameters(file_, *params));
    }
    TRY_LET(cel::Program applies, expression(root, "applies", info_.applies));
    TRY_LET(cel::Program passes, expression(root, "passes", info_.passes));
    TRY_DO(parameters_in_use(root));
    std::vector<ControlTest> tests;
    if (read_tests_ == ReadTests::Yes) {
      TRY_LET(tests, this->tests(root));
    }
    Result<json::Document> parameters = parameters_document(info_.parameters);
    if (!parameters) return fail_at(root.mark, parameters.error().message);
    return Control{std::move(info_),      std::string(file_),     std::move(applies),
                   std::move(passes),     std::move(*parameters), std::move(tests),
                   unread("the account"), unread("the region")};
  }

 private:
  static UnknownNode unread(std::string_view what) {
    UnknownNode node;
    node.unknown = true;
    node.cause = UnknownCause::NotExported;
    node.reason = fmt::format("{} is not in the input; it can be given on the command line", what);
    return node;
  }

  tl::unexpected<Error> fail_at(Mark mark, std::string_view message) const {
    return sagewarden::fail_at(file_, mark, message);
  }

  Result<void> texts(const Node& root) {
    for (const TextField& field : kTexts) {
      if (const Node* node = root.find(field.name); node != nullptr)
        info_.*field.member = trim(node->text);
    }
    info_.set = set_;
    const std::array<std::pair<std::string_view, std::string>, 3> problems = {
        {{"id", id_problem(info_.id, set_)},
         {"title", title_problem(info_.title)},
         {"resource", type_problem(info_.resource_type)}}};
    for (const auto& [name, problem] : problems) {
      if (!problem.empty()) return fail_at(root.find(name)->mark, problem);
    }
    const Node& severity = *root.find("severity");
    const std::optional<Severity> parsed = parse_severity(severity.text);
    if (!parsed)
      return fail_at(severity.mark,
                     fmt::format("\"{}\" is no severity: INFORMATIONAL, LOW, MEDIUM, "
                                 "HIGH or CRITICAL",
                                 printable(severity.text)));
    info_.severity = *parsed;
    return {};
  }

  Result<void> aws_facts(const Node& aws) {
    TRY_DO(check_fields(file_, aws, "\"aws\"", kAwsFields));
    for (const TextField& field : kAwsTexts) {
      if (const Node* node = aws.find(field.name); node != nullptr)
        info_.*field.member = trim(node->text);
    }
    if (const std::string problem = documentation_problem(info_.documentation); !problem.empty())
      return fail_at(aws.find("documentation")->mark, problem);
    TRY_LET(info_.standards, list_of_texts(aws, "standards"));
    TRY_LET(info_.requirements, list_of_texts(aws, "requirements"));
    return {};
  }

  Result<std::vector<std::string>> list_of_texts(const Node& parent, std::string_view name) const {
    std::vector<std::string> texts;
    const Node* list = parent.find(name);
    if (list == nullptr) return texts;
    for (const Node& item : list->items) {
      if (!item.is_string() || !item.tag.empty() || trim(item.text).empty())
        return fail_at(item.mark, fmt::format("\"{}\" is a list of texts", name));
      texts.emplace_back(trim(item.text));
    }
    return texts;
  }

  // Without `applies`, the control applies to every resource of its type.
  Result<cel::Program> expression(const Node& root, std::string_view name, std::string& text) {
    const Node* node = root.find(name);
    if (node != nullptr && (!node->is_scalar() || node->kind == Kind::Null))
      return fail_at(node->mark, fmt::format("\"{}\" must be an expression", name));
    text = node == nullptr ? "true" : trim(node->text);
    Result<cel::Program> program = cel::Program::compile(text, kVariableNames);
    if (program) return program;
    return fail_at(node == nullptr ? root.mark : node->mark,
                   fmt::format("\"{}\" does not compile\n{}", name, program.error().message));
  }

  // A parameter that is not declared would make every verdict an error; one that nothing uses would
  // let its user believe in it.
  Result<void> parameters_in_use(const Node& root) {
    ParameterUse all;
    for (const auto& [name, text] :
         {std::pair("applies", &info_.applies), std::pair("passes", &info_.passes)}) {
      ParameterUse use;
      find_parameter_use(*text, use);
      for (const std::string& used : use.names) {
        if (std::ranges::find(info_.parameters, used, &Parameter::name) == info_.parameters.end())
          return fail_at(root.find(name)->mark,
                         fmt::format("\"{}\" uses params.{}, which is not declared; add it under "
                                     "\"params\" with type, default and why",
                                     name, printable(used)));
      }
      all.whole = all.whole || use.whole;
      all.names.insert(all.names.end(), use.names.begin(), use.names.end());
    }
    for (const Parameter& parameter : info_.parameters) {
      if (!all.whole && std::ranges::find(all.names, parameter.name) == all.names.end())
        return fail_at(
            root.find("params")->entry(parameter.name)->key_mark,
            fmt::format("no expression uses params.{}; use it or take it out", parameter.name));
    }
    return {};
  }

  Result<std::vector<ControlTest>> tests(const Node& root) {
    const Node* list = root.find("tests");
    if (list == nullptr || list->items.empty())
      return fail_at(list == nullptr ? root.mark : list->mark, "a control needs at least one test");
    std::vector<ControlTest> tests;
    for (const Node& node : list->items) {
      TRY_LET(ControlTest test, this->test(node));
      const auto same = std::ranges::find(tests, test.name, &ControlTest::name);
      if (same != tests.end())
        return fail_at(node.find("name")->mark,
                       fmt::format("the test in line {} has the same name", same->mark.line));
      tests.push_back(std::move(test));
    }
    return tests;
  }

  Result<ControlTest> test(const Node& node) {
    TRY_DO(check_fields(file_, node, "a test", kTestFields));
    ControlTest test;
    test.mark = node.mark;
    test.name = trim(node.find("name")->text);
    TRY_LET(test.given, json_member(node, "given"));
    TRY_LET(test.tags, json_member(node, "tags"));
    TRY_LET(test.params, test_parameters(node));
    if (const Node* account = node.find("account"); account != nullptr)
      test.account = account->text;
    if (const Node* region = node.find("region"); region != nullptr) test.region = region->text;
    TRY_LET(test.unknown, places(node, "unknown"));
    TRY_LET(test.set_but_unknown, places(node, "set_but_unknown"));
    TRY_LET(test.denied, places(node, "denied"));

    const Node& expect = *node.find("expect");
    const auto* const found = std::ranges::find(kVerdicts, std::string_view(expect.text),
                                                &std::pair<std::string_view, Verdict>::first);
    if (found == kVerdicts.end())
      return fail_at(expect.mark,
                     fmt::format("\"{}\" is no verdict: PASSED, FAILED, NOT_APPLICABLE, "
                                 "WARNING or NOT_AVAILABLE",
                                 printable(expect.text)));
    test.expect = found->second;
    return test;
  }

  Result<std::string> json_member(const Node& node, std::string_view name) const {
    const Node* member = node.find(name);
    if (member == nullptr) return std::string("{}");
    Result<std::string> text = json_of(*member);
    if (!text) return fail_at(member->mark, text.error().message);
    return text;
  }

  Result<std::string> test_parameters(const Node& node) const {
    const Node* params = node.find("params");
    if (params == nullptr) return std::string("{}");
    for (const Node::Entry& entry : params->entries) {
      const auto parameter = std::ranges::find(info_.parameters, entry.key, &Parameter::name);
      if (parameter == info_.parameters.end())
        return fail_at(entry.key_mark,
                       fmt::format("the control has no parameter \"{}\"", printable(entry.key)));
      if (const Result<std::string> value = parameter_value(*parameter, entry.value); !value)
        return fail_at(entry.value.mark, value.error().message);
    }
    return json_member(node, "params");
  }

  Result<std::vector<std::string>> places(const Node& node, std::string_view name) const {
    TRY_LET(std::vector<std::string> paths, list_of_texts(node, name));
    for (size_t i = 0; i < paths.size(); ++i) {
      const std::string& path = paths[i];
      const auto steps = std::ranges::count_if(path, [](char c) { return c == '.' || c == '['; });
      if (path.size() > kMaxTestPathBytes || static_cast<size_t>(steps) >= kMaxTestPathSteps)
        return fail_at(node.find(name)->items[i].mark,
                       fmt::format("a place has at most {} steps and {} bytes", kMaxTestPathSteps,
                                   kMaxTestPathBytes));
    }
    return paths;
  }

  std::string_view file_;
  std::string_view set_;
  ReadTests read_tests_;
  ControlInfo info_;
};

}  // namespace

Result<Control> parse_control(std::string_view file, std::string_view text, std::string_view set,
                              ReadTests tests) {
  if (text.size() > kMaxControlBytes)
    return fail(Error::Code::Invalid, fmt::format("{}: larger than {} KB, which no control file is",
                                                  file, kMaxControlBytes / 1024));
  // By custom the tests come last; where they do not, they are read and not used.
  if (tests == ReadTests::No) text = text.substr(0, text.find("\ntests:\n"));
  Result<Node> root = read_yaml(text);
  if (!root)
    return fail(Error::Code::Invalid, fmt::format("{}:{}", file, as_place(root.error().message)));
  return Reader(file, set, tests).control(*root);
}

}  // namespace sagewarden
