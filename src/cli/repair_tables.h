// The command line of planning and repairing; commands.cc has the rest and lists them.
#pragma once

#include "cli/command.h"

namespace sagewarden {

// clang-format off
inline constexpr Positional kPlanInputs[] = {
    {.name = "INPUT", .required = false, .repeatable = true, .values = Values::Path,
     .help = "Where the findings are: a report in the format json or ndjson, or what 'scan' reads, such as a bundle; - is a "
             "report on standard input (default: AWS is scanned)"}};
inline constexpr Option kPlanWhat[] = {
    {.name = "output", .letter = 'o', .argument = "[FORMAT=]FILE", .repeatable = true,
     .help = "Write the plan to a file: as json (default, what 'apply' takes), text, markdown, or script (AWS CLI calls for "
             "bash). A FORMAT alone goes to standard output. Without -o the text is printed"},
    {.name = "resource", .argument = "ARN", .repeatable = true,
     .help = "Only these resources: ARNs or names, or globs of them"},
    {.name = "exceptions", .argument = "FILE", .values = Values::File,
     .help = "Plan nothing for the findings that this file accepts"},
    {.name = "tag", .argument = "KEY=VALUE", .repeatable = true,
     .help = "A tag to give to what lacks tags; an existing value is never changed"},
    {.name = "kms-key", .argument = "ARN", .help = "The KMS key for what must be encrypted"},
    {.name = "subnet", .argument = "ID", .repeatable = true,
     .help = "A subnet for what is in no VPC; for models two or more, in different zones"},
    {.name = "security-group", .argument = "ID", .repeatable = true, .help = "A security group for the same"},
    {.name = "registry-map", .argument = "FILE", .values = Values::File,
     .help = "Where images are in your private registry: lines of IMAGE = PRIVATE-IMAGE (SageMaker.16 and .19)"},
    {.name = "copy-images",
     .help = "Copy what is not in that registry yet, with the program skopeo and its logins (default: the plan says the commands)"},
    {.name = "credentials-lambda", .argument = "ARN", .help = "The Lambda function that logs in to that registry"},
    {.name = "create-endpoints",
     .help = "Create the VPC endpoints that models need for that registry and lack (interface endpoints cost by the hour)"},
    {.name = "alarm", .argument = "NAME", .repeatable = true,
     .help = "A CloudWatch alarm that makes AWS roll an endpoint's deployment back"},
    {.name = "notebook-backup", .argument = "s3://BUCKET/PREFIX",
     .help = "Replace notebook instances whose network or key is wrong (SageMaker.1, .2, .21), and carry their volumes over by "
             "way of this bucket, which is in their Region"},
    {.name = "canary", .argument = "PERCENT", .help = "Traffic that an endpoint's new fleet gets first, 1 to 50"},
    {.name = "no-canary-endpoint",
     .help = "Do not start an endpoint of one instance first where only that shows whether an image can be pulled (Amazon ECR)"},
    {.name = "isolate-clarify",
     .help = "Isolate the jobs of SageMaker Clarify too (SageMaker.12, .14, .20), which then cannot ask the model's endpoint"},
};
inline constexpr Option kRepairPlaces[] = {
    {.name = "account", .argument = "ID", .repeatable = true,
     .help = "Scan this account; others than the credentials' own by --role-name"},
    {.name = "region", .argument = "REGION", .repeatable = true,
     .help = "Scan this Region (default: all that the account has enabled)"},
};
inline constexpr Option kParameter[] = {
    {.name = "param", .argument = "CONTROL.NAME=VALUE", .repeatable = true,
     .help = "Set a control's parameter; 'sagewarden explain CONTROL' lists them"},
};
inline constexpr Example kPlanExamples[] = {
    {"sagewarden plan --controls SageMaker.3 -o repair.plan.json", "Scan, and plan how to turn root access off"},
    {"sagewarden plan report.json -o repair.plan.json -o markdown=plan.md", "From a report, with a text for a pull request"},
    {"sagewarden plan --tag Owner=ml-platform --controls SageMaker.6,SageMaker.7 -o tags.plan.json", "Tags from your policy"},
};

inline constexpr Positional kPlanFile[] = {
    {.name = "PLAN", .values = Values::File, .help = "The plan, as 'sagewarden plan -o FILE' made it"}};
inline constexpr Option kShowPlanOptions[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT[=FILE]", .repeatable = true,
     .help = "text (default), markdown, script or json; to a file, or to standard output"},
    {.name = "calls", .help = "Show each call with what it is given; values of environment variables and scripts are hidden"},
};

inline constexpr Option kApplyWhat[] = {
    {.name = "yes", .letter = 'y', .help = "Do not ask; for automation"},
    {.name = "only", .argument = "NUMBER", .repeatable = true,
     .help = "Only these actions of the plan. A step alone would leave a resource half-way and cannot be chosen"},
    {.name = "max-resources", .argument = "N", .help = "Refuse to change more resources (default: 10)"},
    {.name = "max-age", .argument = "HOURS", .help = "Refuse a plan that is older (default: 24)"},
};
inline constexpr Option kCleanUp[] = {
    {.name = "cleanup", .help = "Delete what was replaced, once everything uses what replaces it"},
    {.name = "allow-delete", .help = "With --cleanup: yes, delete what was there before"},
};
inline constexpr Option kHowToCarryOut[] = {
    {.name = "stop-on-error", .help = "Begin nothing further once an action failed (default: the others go on)"},
    {.name = "parallel", .argument = "N", .help = "How many actions are under way at once (default: 16)"},
    {.name = "poll", .argument = "SECONDS",
     .help = "The longest pause between two looks at what AWS is doing (default: as AWS's own tools, 5 to 30 seconds)"},
    {.name = "no-tag-lock", .help = "Do not tag what is changed meanwhile, which keeps other machines from changing it too"},
    {.name = "break-lock", .help = "Take that tag away where an execution that is no more has left it"},
};
inline constexpr Option kStateDir[] = {
    {.name = "state-dir", .argument = "DIR", .values = Values::Folder,
     .help = "Where journals are kept (default: $XDG_STATE_HOME/sagewarden, or ~/.local/state/sagewarden)"},
};
inline constexpr Option kSayYes[] = {{.name = "yes", .letter = 'y', .help = "Do not ask; for automation"}};
inline constexpr Positional kExecution[] = {
    {.name = "EXECUTION", .required = false, .help = "Its id, or the beginning of it (default: the last one)"}};
inline constexpr Positional kInterruptedExecution[] = {
    {.name = "EXECUTION", .required = false,
     .help = "Its id, or the beginning of it (default: the last one that was interrupted)"}};
inline constexpr Example kApplyExamples[] = {
    {"sagewarden apply repair.plan.json", "Show the plan, ask, and carry it out"},
    {"sagewarden apply --yes --only 1 --only 3 repair.plan.json", "Two of its actions, in a pipeline"},
};

inline constexpr Positional kMaybePlan[] = {
    {.name = "PLAN", .required = false, .values = Values::File, .help = "The plan, as 'sagewarden plan -o FILE' made it"}};
inline constexpr Example kRepairPolicyExamples[] = {
    {"sagewarden policy remediate repair.plan.json", "For whoever applies that plan"},
    {"sagewarden policy remediate --controls SageMaker.3 --cloudformation > role.json", "A role for such repairs"},
};
inline constexpr Option kRepairPolicyWhat[] = {
    {.name = "cloudformation", .help = "Print a template of a role with that policy, for the accounts of the plan"},
    {.name = "role-name", .argument = "NAME", .help = "With --cloudformation: the role's name (default: SagewardenRepair)"},
};
inline constexpr Option kPreventWhat[] = {
    {.name = "tag-key", .argument = "KEY", .repeatable = true, .help = "A tag that whatever must be tagged has to come with"},
    {.name = "except-role", .argument = "ARN", .repeatable = true,
     .help = "Not for this role, such as the one that repairs; * stands for any text"},
};
inline constexpr Option kEnforce[] = {
    {.name = "enforce", .help = "Refuse objects that violate a control, in place of a warning"},
};
inline constexpr Option kPreventSaid[] = {
    {.name = "verbose", .letter = 'v', .help = "Say of each control what prevents it, too"},
};
inline constexpr Positional kPlatform[] = {
    {.name = "PLATFORM", .required = false, .values = Values::Platform, .help = "github (default) or gitlab"}};
inline constexpr Example kPreventAdmissionExamples[] = {
    {"sagewarden prevent admission | kubectl apply -f -", "Warn about objects that violate a Security Hub control"},
};
inline constexpr Example kPreventCiExamples[] = {
    {"sagewarden prevent ci github > .github/workflows/sagewarden.yml", "A gate for pull requests"},
};
inline constexpr Example kPreventGuardExamples[] = {
    {"sagewarden prevent guard --set all > sagewarden.guard", "Rules for all controls"},
    {"sagewarden prevent guard --controls SageMaker.8 --param SageMaker.8.supported_platforms=notebook-al2-v3,notebook-al2023-v1",
     "One, with another list of platforms"},
};
inline constexpr Example kPreventExamples[] = {
    {"sagewarden prevent scp --tag-key Owner > scp.json", "For the Security Hub controls"},
    {"sagewarden prevent scp --controls SageMaker.3 --except-role 'arn:aws:iam::*:role/Break-Glass'", "One, with a way around"},
};
// clang-format on

}  // namespace sagewarden
