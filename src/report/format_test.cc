// What holds for every format.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "report/escape.h"
#include "report/sample.h"
#include "report/words.h"

namespace sagewarden {
namespace {

std::string rendered(std::string_view format, const Sample& sample) {
  const auto text = render(format, sample);
  EXPECT_TRUE(text) << format << ": " << text.error().message;
  return text.value_or("");
}

// ASFF holds no findings of templates.
Sample sample_for(const Format& format) {
  return format.name == "asff" ? account_sample() : usual_sample();
}

TEST(Formats, AreListed) {
  std::string names;
  for (const Format& format : formats()) names += std::string(format.name) + " ";
  EXPECT_EQ(names, "asff csv html json junit markdown ndjson ocsf sarif text ");
  EXPECT_EQ(find_format("sarif")->media_type, "application/sarif+json");
  for (const std::string_view name : {"", "JSON", "pdf", "zzz"})
    EXPECT_EQ(find_format(name), nullptr) << name;
}

TEST(Formats, HostileInputGivesWellFormedText) {
  const Sample sample = hostile_sample();
  for (const Format& format : formats()) {
    const std::string text = rendered(format.name, sample);
    EXPECT_TRUE(is_utf8(text)) << format.name;
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << format.name;
    EXPECT_EQ(text.find('\0'), std::string::npos) << format.name;
    for (const std::string_view mark : {"\xE2\x80\xAE", "\xE2\x81\xA6"})
      EXPECT_EQ(text.find(mark), std::string::npos) << format.name << " can be turned around";
    // JSON and CSV keep it as data; where text is markup it must not be there.
    const bool markup = format.name == "html" || format.name == "junit";
    if (markup) {
      EXPECT_EQ(text.find("<script>document"), std::string::npos) << format.name;
    }
  }
}

TEST(Formats, EveryGapIsNamed) {
  for (const Format& format : formats()) {
    const std::string text = rendered(format.name, sample_for(format));
    if (format.name == "asff") {
      EXPECT_NE(text.find("\"sagewarden/CoverageGaps\":\"1\""), std::string::npos);
      continue;
    }
    for (const std::string_view word : {"export/models.json", "allow sagemaker", "ListModels"}) {
      EXPECT_NE(text.find(word), std::string::npos) << format.name << " lacks " << word;
    }
  }
}

TEST(Formats, AnInterruptionIsSaid) {
  for (const Format& format : formats()) {
    Sample sample = clean_sample();
    EXPECT_EQ(lower(rendered(format.name, sample)).find("\"interrupted\":true"), std::string::npos);
    sample.input.interrupted = true;
    const std::string text = lower(rendered(format.name, sample));
    const std::string_view word =
        format.name == "asff" ? "\"sagewarden/interrupted\":\"true\"" : "stopped before everything";
    EXPECT_NE(text.find(word), std::string::npos) << format.name;
  }
}

TEST(Formats, PassedFindingsAreIgnoredWhereTheyAreNotWanted) {
  // Another format of the same run may have asked for them.
  for (const Format& format : formats()) {
    if (format.wants_passed) continue;
    EXPECT_EQ(rendered(format.name, usual_sample()).find("fraud-eu"), std::string::npos)
        << format.name;
  }
}

TEST(Formats, SuppressedFindingsStayVisible) {
  for (const Format& format : formats()) {
    const std::string text = rendered(format.name, sample_for(format));
    EXPECT_NE(text.find("a sandbox without data"), std::string::npos) << format.name;
  }
}

// Takes so many bytes, then is full.
class SmallOutput : public Output {
 public:
  explicit SmallOutput(size_t bytes) : left_(bytes) {}
  Result<void> write(std::string_view text) override {
    if (text.size() > left_) return fail(Error::Code::Io, "the disk is full");
    left_ -= text.size();
    return {};
  }
  Result<void> commit() override { return {}; }

 private:
  size_t left_;
};

TEST(Formats, ErrorsOfTheOutputComeOut) {
  for (const Format& format : formats()) {
    const Sample sample = sample_for(format);
    const size_t whole = rendered(format.name, sample).size();
    for (const size_t bytes : {size_t{0}, whole / 2, whole - 1}) {
      SmallOutput out(bytes);
      const auto done = format.write(sample.input, each_of(sample.findings), TextStyle{}, out);
      ASSERT_FALSE(done) << format.name << " wrote into " << bytes << " of " << whole;
      EXPECT_EQ(done.error().message, "the disk is full");
    }
    SmallOutput enough(whole);
    EXPECT_TRUE(format.write(sample.input, each_of(sample.findings), TextStyle{}, enough));
  }
}

TEST(Formats, ErrorsOfTheFindingsComeOut) {
  const EachFinding broken = [](const auto&) -> Result<void> {
    return fail(Error::Code::Io, "the temporary file cannot be read");
  };
  for (const Format& format : formats()) {
    std::string text;
    const auto out = create_string_output(text);
    const auto done = format.write(usual_sample().input, broken, TextStyle{}, *out);
    ASSERT_FALSE(done) << format.name;
    EXPECT_EQ(done.error().message, "the temporary file cannot be read");
  }
}

TEST(Formats, ControlsThatAreNotListedDoNoHarm) {
  for (const Format& format : formats()) {
    Sample sample = account_sample();
    sample.input.controls.clear();
    const auto text = render(format.name, sample);
    ASSERT_TRUE(text) << format.name;
    EXPECT_NE(text->find("SageMaker"), std::string::npos) << format.name;
  }
}

TEST(Json, IsOneDocument) {
  for (const Sample& sample : {usual_sample(), empty_sample(), hostile_sample()}) {
    for (const std::string_view format : {"json", "ocsf", "sarif"}) {
      const auto document = json::parse_document(rendered(format, sample));
      ASSERT_TRUE(document) << format << ": " << document.error().message;
      EXPECT_EQ(json::duplicate_key(document->root), "") << format;
    }
  }
}

TEST(Ndjson, EachLineHasTheDocumentedMembers) {
  const Sample sample = usual_sample();
  const std::string text = rendered("ndjson", sample);
  const auto lines = split(std::string_view(text).substr(0, text.size() - 1), '\n');
  const size_t records = sample.findings.size() + 2;
  ASSERT_EQ(lines.size(), records + 1);
  json::Parser parser;
  for (size_t at = 0; at < records; ++at) {
    const auto record = parser.parse(lines[at]);
    ASSERT_TRUE(record) << lines[at];
    const bool gap = at >= sample.findings.size();
    EXPECT_EQ((*record)["format"].string_or(""), gap ? "sagewarden-gap/1" : "sagewarden-finding/1");
    for (const std::string_view name :
         {"id", "control", "compliance", "severity", "type", "arn", "name", "account", "region",
          "partition", "tags", "reasons", "evidence", "location", "suppressed", "captured_at"}) {
      EXPECT_TRUE((*record)[name].exists()) << name;
    }
    EXPECT_EQ((*record)["suppressed"].is_object(),
              !gap && sample.findings[at].suppressed.has_value());
  }
  const auto run = parser.parse(lines.back());
  ASSERT_TRUE(run);
  EXPECT_EQ((*run)["format"].string_or(""), "sagewarden-run/1");
  EXPECT_FALSE((*run)["id"].exists());
  EXPECT_EQ((*run)["counts"]["findings"].integer(), static_cast<int64_t>(sample.findings.size()));
  EXPECT_EQ((*run)["counts"]["gaps"].integer(), 2);
  EXPECT_EQ((*run)["counts"]["coverage"].integer(), 0);
}

TEST(Csv, GapsAreRecordsToo) {
  const std::string text = rendered("csv", usual_sample());
  EXPECT_NE(text.find("\r\ngap,gap/PARSE_ERROR/export/models.json:12:5,,,NOT_AVAILABLE,"),
            std::string::npos);
}

TEST(Junit, CountsAndOutcomes) {
  const std::string text = rendered("junit", usual_sample());
  const auto* const suite =
      R"(<testsuite name="SageMaker.5 Models have network isolation" tests="4" failures="1" )"
      R"(errors="1" skipped="1")";
  for (const std::string_view part : {
           "<testsuites name=\"Sagewarden\" tests=\"14\" failures=\"4\" errors=\"5\">",
           suite,
           "<testcase name=\"fraud-eu (111122223333 eu-west-1)\" classname=\"SageMaker.1\"/>",
           "<skipped message=\"suppressed: a sandbox without data, reviewed in March\"/>",
           "<testsuite name=\"coverage\" tests=\"2\" failures=\"0\" errors=\"2\"",
       }) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Ocsf, TimesAreMilliseconds) {
  const struct {
    std::string_view time;
    std::string_view want;
  } cases[] = {
      {"2026-03-01T10:00:02Z", "\"time\":1772359202000,"},
      {"2026-03-01T10:00:02.5Z", "\"time\":1772359202500,"},
      {"1970-01-01T00:00:00Z", "\"time\":0,"},
      {"2024-02-29T23:59:59.123456Z", "\"time\":1709251199123,"},
      {"2023-02-29T00:00:00Z", "\"time\":0,"},  // no such day
      {"2026-03-01T10:00:02+01:00", "\"time\":1772355602000,"},
      {"soon", "\"time\":0,"},
      {"", "\"time\":0,"},
  };
  for (const auto& c : cases) {
    Sample sample = clean_sample();
    sample.input.run.started.clear();
    sample.input.run.finished = c.time;
    EXPECT_NE(rendered("ocsf", sample).find(c.want), std::string::npos) << c.time;
  }
}

}  // namespace
}  // namespace sagewarden
