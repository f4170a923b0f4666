// Pipelines that scan before anything is deployed: the recipes of docs/ci.md.
#include "remediate/prevent.h"

namespace sagewarden::remediate {
namespace {

constexpr std::string_view kGitHub = R"(name: sagewarden
on:
  push: {branches: [main]}
  pull_request:
permissions:
  contents: read
  security-events: write   # for the upload of SARIF
jobs:
  synth:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
      - run: npm ci && npx cdk synth --quiet   # or: terraform plan -out p && terraform show -json p > plan.json
      - uses: actions/upload-artifact@v4
        with: {name: cdk.out, path: cdk.out}
  scan:
    needs: synth
    runs-on: ubuntu-latest
    container: ghcr.io/YOUR-ORGANISATION/sagewarden
    steps:
      - uses: actions/checkout@v4
      - uses: actions/download-artifact@v4
        with: {name: cdk.out, path: cdk.out}
      - id: scan
        run: |
          sagewarden scan cdk.out --fail-on high \
            -o text -o sarif=sagewarden.sarif -o markdown=sagewarden.md
      - if: always() && steps.scan.outcome != 'skipped'
        run: cat sagewarden.md >> "$GITHUB_STEP_SUMMARY"
      - if: always() && steps.scan.outcome != 'skipped'
        uses: github/codeql-action/upload-sarif@v3
        with: {sarif_file: sagewarden.sarif}
)";

constexpr std::string_view kGitLab = R"(synth:
  image: node:22
  script:
    - npm ci && npx cdk synth --quiet   # or: terraform plan -out p && terraform show -json p > plan.json
  artifacts:
    paths: [cdk.out]
sagewarden:
  needs: [synth]
  image: registry.example.com/sagewarden
  script:
    - sagewarden scan cdk.out
        --fail-on high
        -o text -o junit=sagewarden.xml -o html=sagewarden.html
  artifacts:
    when: always
    paths: [sagewarden.html]
    reports:
      junit: sagewarden.xml
)";

}  // namespace

std::string_view ci_gate(std::string_view platform) {
  if (platform == "github") return kGitHub;
  if (platform == "gitlab") return kGitLab;
  return {};
}

}  // namespace sagewarden::remediate
