#include "control/secrets.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sagewarden {
namespace {

TEST(Secrets, KnowsSecretPaths) {
  const struct {
    std::string_view path;
    bool want;
  } cases[] = {
      {"Environment", true},
      {"Environment.MODEL_SERVER", true},
      {"PrimaryContainer.Environment.LOG_LEVEL", true},
      {"Containers[3].Environment.A", true},
      {"Containers[3].environment.A.B", true},
      {R"(Environment["a b"])", true},
      {R"(Containers[0].Environment["x.y"])", true},
      {"MasterUserPassword", true},
      {"Auth.SECRET_ARN", true},
      {"Auth.accessToken[2]", true},
      {"ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn", true},
      {R"(tags["db password"])", true},
      {"tags.Owner", false},
      {"EnvironmentName", false},
      {"ContainerConfig.ContainerEnvironmentVariables", true},
      {"ContainerConfig.ContainerEnvironmentVariables[0].Value", true},
      {"KmsKeyId", false},
      // What lies below may be the secret itself, whatever it is called.
      {"SecretsManagerConfig.Enabled", true},
      {"DbCredentials.Value", true},
      {"DbCredentials.L[0]", true},
      {"", false},
  };
  for (const auto& row : cases) EXPECT_EQ(is_secret_path(row.path), row.want) << row.path;
}

TEST(Secrets, ShowsOnlyWhatMayBeSeen) {
  const struct {
    std::string_view path;
    std::string_view found;
    std::string_view want;
  } cases[] = {
      {"RootAccess", R"("Enabled")", R"("Enabled")"},
      {"InitialInstanceCount", "1", "1"},
      {"Environment.KEY", R"("hunter2")", "(hidden)"},
      {"Environment", R"({"KEY":"hunter2"})", "(hidden)"},
      {"DbPassword", "12345", "(hidden)"},
      // That a secret is not there is no secret.
      {"DbPassword", "not set", "not set"},
      {"Environment.KEY", "not known", "not known"},
      // What holds a secret is shown without it.
      {"PrimaryContainer", R"({"Image":"x","Environment":{"KEY":"hunter2"}})",
       R"_({"Image":"x","Environment":"(hidden)"})_"},
      {"Containers", R"([{"ApiToken":"hunter2","N":[1,{"Credentials":null}]}])",
       R"_([{"ApiToken":"(hidden)","N":[1,{"Credentials":"(hidden)"}]}])_"},
      {"Broken", R"({"Password":"hunter2")", "(hidden)"},
      {"Empty", "", ""},
  };
  for (const auto& row : cases) EXPECT_EQ(shown(row.path, row.found), row.want) << row.path;
}

TEST(Secrets, ShowsTheBeginningOfLargeValues) {
  std::string text = "[";
  for (int i = 0; i < 10'000; ++i) text += R"({"A": "value", "ApiToken": "hunter2"}, )";
  text += "0]";
  const json::Document document = *json::parse_document(text);
  const std::string got = shown("L", document.root);
  EXPECT_EQ(got.size(), kMaxShownBytes + 3);
  EXPECT_TRUE(got.starts_with(R"_([{"A":"value","ApiToken":"(hidden)"},{"A")_")) << got;
  EXPECT_TRUE(got.ends_with("…"));

  const std::string quoted = "\"" + std::string(1'000'000, 'a') + "\"";
  const json::Document string = *json::parse_document(quoted);
  EXPECT_EQ(shown("A", string.root), "\"" + std::string(kMaxShownBytes - 1, 'a') + "…");
}

TEST(Secrets, CutsBetweenCharacters) {
  const std::string fits(kMaxShownBytes, 'a');
  EXPECT_EQ(cut(fits), fits);
  EXPECT_EQ(cut(fits + "b"), fits + "…");
  // The character that would reach beyond the limit goes as a whole.
  const std::string_view euro = "€";  // three bytes
  for (size_t before = kMaxShownBytes - 4; before <= kMaxShownBytes; ++before) {
    const std::string text = std::string(before, 'a') + std::string(euro) + "tail";
    const std::string shortened = cut(text);
    EXPECT_TRUE(is_utf8(shortened)) << before;
    EXPECT_EQ(shortened.find(euro) != std::string::npos, before + euro.size() <= kMaxShownBytes);
  }
  // What is no UTF-8 is cut all the same.
  EXPECT_EQ(cut(std::string(kMaxShownBytes + 1, '\xFF')).size(), kMaxShownBytes + 3);
}

TEST(Secrets, HidesWishesThatMayHoldSecrets) {
  constexpr std::string_view kHarmless = R"(resource.A == resource.B)";
  constexpr std::string_view kSecret =
      R"(resource.A == resource.Environment.B || resource.A == "x")";
  EXPECT_EQ(shown_wish(kHarmless, R"("value of B")"), R"("value of B")");
  EXPECT_EQ(shown_wish(kSecret, R"("value of B")"), "(hidden)");
  EXPECT_EQ(shown_wish(kSecret, R"("x")"), R"("x")");
  EXPECT_EQ(shown_wish(kSecret, "set"), "set");
  EXPECT_EQ(shown_wish("int(resource.ApiToken) > 1", "no int in 'hunter2'"), "(hidden)");
}

}  // namespace
}  // namespace sagewarden
