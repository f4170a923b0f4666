// The command line of `sagewarden publish …`; commands.cc has the rest and lists them.
#pragma once

#include "cli/command.h"

namespace sagewarden {

// clang-format off
inline constexpr Positional kReportInput[] = {
    {.name = "FINDINGS", .required = false, .values = Values::File,
     .help = "A report in the format json or ndjson, plain or compressed by gzip; - is standard input (default)"}};

inline constexpr Option kFormat = {
    .name = "format", .argument = "FORMAT", .values = Values::RecordFormat,
    .help = "Of the records: ndjson (default) or ocsf, one a line"};
inline constexpr Option kProfile = {
    .name = "profile", .argument = "NAME",
    .help = "The profile of ~/.aws/config and ~/.aws/credentials (default: by the environment)"};
inline constexpr Option kEndpointUrl = {
    .name = "endpoint-url", .argument = "URL", .help = "Where the service is, in place of AWS's own address"};
inline constexpr Option kCaBundle = {
    .name = "ca-bundle", .argument = "FILE", .values = Values::File,
    .help = "The certificates to trust, in PEM (default: AWS_CA_BUNDLE, or the system's)"};
inline constexpr Option kSince = {
    .name = "baseline", .argument = "FILE", .values = Values::File,
    .help = "Say what failed and had not in that ndjson report"};
inline constexpr Option kQuiet = {.name = "quiet", .letter = 'q', .help = "Print nothing but errors"};
inline constexpr Option kVerbose = {.name = "verbose", .letter = 'v', .help = "Say each call"};

inline constexpr Positional kFolderInput[] = {
    {.name = "DIR", .values = Values::Folder, .help = "The folder; it is made where it is not there"}, kReportInput[0]};
inline constexpr Option kFolderOptions[] = {kFormat, kQuiet, kVerbose};

inline constexpr Positional kBucketInput[] = {
    {.name = "S3-URL", .help = "s3://BUCKET or s3://BUCKET/PREFIX"}, kReportInput[0]};
inline constexpr Option kBucketOptions[] = {
    kFormat,
    {.name = "region", .argument = "REGION", .help = "The bucket's Region (default: by the environment or profile)"},
    {.name = "kms-key", .argument = "KEY",
     .help = "Encrypt with this KMS key: its id, ARN or alias (default: as the bucket is set)"},
    {.name = "bucket-owner", .argument = "ID", .help = "Store only if the bucket belongs to this account"},
    kProfile, kEndpointUrl, kCaBundle, kQuiet, kVerbose};
inline constexpr Example kBucketExamples[] = {
    {"sagewarden publish s3 s3://acme-findings/sagewarden report.ndjson", "Keep each report"},
    {"sagewarden publish s3 --format ocsf --kms-key alias/findings s3://acme-lake/sagewarden report.json",
     "As OCSF events, encrypted with a key of your own"}};

inline constexpr Positional kTopicInput[] = {
    {.name = "TOPIC", .help = "The ARN of the SNS topic"}, kReportInput[0]};
inline constexpr Option kTopicOptions[] = {kSince, kProfile, kEndpointUrl, kCaBundle, kQuiet, kVerbose};

inline constexpr Positional kWebhookInput[] = {
    {.name = "URL", .help = "An https address; http only to this machine itself"}, kReportInput[0]};
inline constexpr Option kWebhookOptions[] = {kSince, kCaBundle, kQuiet, kVerbose};

inline constexpr Option kHubOptions[] = {
    {.name = "dry-run", .help = "Ask Security Hub what it has, and say what would be sent; send nothing"},
    kProfile,
    {.name = "role-name", .argument = "NAME",
     .help = "The role to act as in each account but the credentials' own"},
    {.name = "external-id", .argument = "ID",
     .help = "With --role-name: the external id that the role asks for"},
    kEndpointUrl, kCaBundle, kQuiet, kVerbose,
};

inline constexpr Example kHubExamples[] = {
    {"sagewarden publish securityhub --dry-run report.json",
     "See what Security Hub would get"},
    {"sagewarden publish securityhub --role-name SagewardenAudit report.json",
     "Publish for several accounts, each by its role"},
};
// clang-format on

}  // namespace sagewarden
