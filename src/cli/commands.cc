// The whole command line in tables.
#include <algorithm>
#include <array>

#include "cli/command.h"
#include "cli/publish_tables.h"
#include "cli/repair_tables.h"
#include "cli/verbs.h"

namespace sagewarden {
namespace {

// Several tables of options as one: those that commands share are written once.
template <size_t... Sizes>
consteval auto joined(const Option (&... parts)[Sizes]) {
  std::array<Option, (Sizes + ...)> all = {};
  size_t at = 0;
  const auto append = [&](std::span<const Option> part) {
    for (const Option& option : part) all[at++] = option;
  };
  (append(parts), ...);
  return all;
}

// clang-format off
constexpr Option kControlsDir = {
    .name = "controls-dir", .argument = "DIR", .repeatable = true, .values = Values::Folder,
    .help = "Load the control files of a folder (*.yaml, *.yml) too; their tests are run first"};

constexpr Positional kInputs[] = {
    {.name = "INPUT", .required = false, .repeatable = true, .values = Values::Path,
     .help = "Files, folders (read with all below) and globs; - is standard input"}};

constexpr Option kScanReports[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT[=FILE]", .repeatable = true, .values = Values::Report,
     .help = "Write a report to standard output, or to a file (default: text). Several at once: one to "
             "standard output, the others to files"},
    {.name = "fail-on", .argument = "SEVERITY", .values = Values::FailOn,
     .help = "The least severity of a failed finding that makes the exit status 1 (default: any)"},
    {.name = "publish", .argument = "WHERE", .values = Values::Publish,
     .help = "Bring the findings to securityhub too, that of each account and Region, as --profile and --role-name say"},
    {.name = "baseline", .argument = "FILE", .values = Values::File,
     .help = "Report only what is new or changed since that ndjson report"},
    {.name = "exceptions", .argument = "FILE", .values = Values::File,
     .help = "Suppress the findings that this file accepts, with a reason, an owner and an end"},
};

constexpr Option kSelection[] = {
    {.name = "controls", .argument = "LIST", .repeatable = true, .values = Values::Control,
     .help = "Only these controls: ids or globs, separated by commas. Chooses from all sets unless --set is given"},
    {.name = "set", .argument = "SET", .repeatable = true, .values = Values::Set,
     .help = "The built-in controls to apply: security-hub (default), sagewarden (our own further ones) or all"},
    {.name = "severity", .argument = "MIN", .values = Values::Severity,
     .help = "Only controls of this severity and above"},
    {.name = "standard", .argument = "NAME", .repeatable = true,
     .help = "Only controls that belong to this standard: a part of its name, or fsbp, nist, pci, ai"},
    kControlsDir,
};

// What the inputs do not say, and where else to look.
constexpr Option kScanInputs[] = {
    {.name = "param", .argument = "CONTROL.NAME=VALUE", .repeatable = true,
     .help = "Set a control's parameter; 'sagewarden explain CONTROL' lists them"},
    {.name = "account", .argument = "ID", .repeatable = true,
     .help = "The account, where an input does not name it (12 digits). With --aws: scan this account, repeatable; "
             "others than the credentials' own by --role-name"},
    {.name = "region", .argument = "REGION", .repeatable = true,
     .help = "The Region, where an input does not name it. With --aws: scan this Region, repeatable (default: all "
             "that the account has enabled)"},
    {.name = "partition", .argument = "PARTITION", .values = Values::Partition,
     .help = "The partition, where neither input nor Region tell (default: aws)"},
    {.name = "parameters", .argument = "FILE", .repeatable = true, .values = Values::File,
     .help = "Values for the parameters of CloudFormation templates"},
    {.name = "tags", .argument = "FILE", .repeatable = true, .values = Values::File,
     .help = "Output of list-tags to go with exported API output"},
    {.name = "today", .argument = "YYYY-MM-DD",
     .help = "The day on which exceptions are judged to have expired (default: by the clock)"},
    {.name = "aws",
     .help = "Read the resources from AWS, beside the inputs if there are any"},
};

constexpr Option kAwsSource[] = {
    {.name = "from", .argument = "SOURCE",
     .help = "With --aws: where the resources are read: aws (SageMaker itself, default), config (what AWS Config has "
             "recorded) or config-aggregator=NAME (the same of all accounts and Regions of an aggregator)"},
};

constexpr Option kAwsAccess[] = {
    {.name = "profile", .argument = "NAME",
     .help = "With --aws or --publish: the profile of ~/.aws/config and ~/.aws/credentials (default: by the environment)"},
    {.name = "role-name", .argument = "NAME",
     .help = "With --aws or --publish: the role to act as in each account but the credentials' own"},
    {.name = "external-id", .argument = "ID",
     .help = "With --role-name: the external id that the role asks for"},
    {.name = "endpoint-url", .argument = "URL",
     .help = "With --aws or --publish: where all services are, in place of AWS's own addresses"},
    {.name = "ca-bundle", .argument = "FILE", .values = Values::File,
     .help = "With --aws or --publish: the certificates to trust, in PEM (default: AWS_CA_BUNDLE, or the system's)"},
    {.name = "concurrency", .argument = "N",
     .help = "With --aws: how many calls are under way at once (default: 32)"},
};

constexpr Option kOrganization[] = {
    {.name = "organization",
     .help = "All active accounts of the organisation, as the role of --role-name (default: SagewardenAudit); the "
             "credentials' own account as it is"},
    {.name = "ou", .argument = "ID", .repeatable = true,
     .help = "With --organization: only the accounts of this organisational unit and of all below it"},
    {.name = "account-tag", .argument = "KEY=VALUE", .repeatable = true,
     .help = "With --organization: only accounts with this tag. Of one key any value given, of several keys all"},
    {.name = "exclude-account", .argument = "ID", .repeatable = true,
     .help = "With --organization: not this account"},
    {.name = "exclude-ou", .argument = "ID", .repeatable = true,
     .help = "With --organization: not the accounts of this unit and of those below it"},
};

constexpr Option kScanRun[] = {
    {.name = "threads", .argument = "N",
     .help = "How many threads read and evaluate (default: one for each processor)"},
    {.name = "quiet", .letter = 'q',
     .help = "Print nothing but errors; reports that are asked for with -o are still written"},
    {.name = "verbose", .letter = 'v', .help = "Say more: notes on the run, and the file of every finding"},
};

constexpr Option kTerminal[] = {
    {.name = "color", .argument = "WHEN", .values = Values::When,
     .help = "Colour: auto (on a terminal, unless NO_COLOR is set), always or never"},
    {.name = "no-progress", .help = "No progress line; there is none in a pipe anyway"},
};

constexpr auto kScanOptions = joined(kScanReports, kSelection, kScanInputs, kAwsSource, kAwsAccess, kOrganization, kScanRun, kTerminal);

constexpr Example kScanExamples[] = {
    {"sagewarden scan template.yaml", "Check a CloudFormation template"},
    {"terraform show -json plan.out | sagewarden scan -", "Check a Terraform plan"},
    {"sagewarden scan -o text -o html=report.html -o sarif=report.sarif cdk.out",
     "Check all that CDK synthesised, with three reports"},
    {"sagewarden scan --baseline main.ndjson --fail-on high cdk.out",
     "In a pull request: fail on what is new and at least HIGH"},
    {"sagewarden scan --aws --profile audit --region eu-west-1", "Scan one Region of an account"},
    {"sagewarden scan --aws --organization --exclude-account 111122223333 -o html=organisation.html",
     "Scan all accounts of an organisation but one"},
    {"sagewarden scan --standard pci --param SageMaker.9.min_instance_count=1 export/",
     "Choose and adjust controls"},
};

// Where in AWS; `scan` says both of files too.
constexpr Option kCollectWhat[] = {
    {.name = "output", .letter = 'o', .argument = "FILE", .values = Values::File,
     .help = "The bundle to write, compressed when its name ends in .gz; - is standard output. Required"},
    {.name = "gzip", .help = "Compress the bundle, whatever its name"},
    {.name = "with-secrets",
     .help = "Keep the values that reports hide: those of environment variables, and of what is called a password, "
             "secret, token or credential"},
    {.name = "aws", .help = "Read the resources from AWS. Required, as nothing else can be collected"},
    {.name = "account", .argument = "ID", .repeatable = true,
     .help = "Read this account (12 digits); others than the credentials' own by --role-name"},
    {.name = "region", .argument = "REGION", .repeatable = true,
     .help = "Read this Region (default: all that the account has enabled)"},
};
constexpr Option kCollectRun[] = {
    {.name = "quiet", .letter = 'q', .help = "Print nothing but errors"},
    {.name = "verbose", .letter = 'v', .help = "Say more: each call, and how many there were"},
};
constexpr auto kCollectOptions = joined(kCollectWhat, kAwsSource, kAwsAccess, kOrganization, kSelection, kCollectRun, kTerminal);
constexpr Example kCollectExamples[] = {
    {"sagewarden collect --aws -o bundle.ndjson.gz", "Save an account, and evaluate it later: sagewarden scan bundle.ndjson.gz"},
    {"sagewarden collect --aws --controls SageMaker.3 -o notebooks.ndjson", "Save only what a control is about"},
};

constexpr Positional kShell[] = {
    {.name = "SHELL", .values = Values::Shell, .help = "The shell to complete in"}};
constexpr Example kCompletionExamples[] = {
    {"source <(sagewarden completion bash)", "In ~/.bashrc"},
    {"sagewarden completion zsh > ~/.zfunc/_sagewarden", "With ~/.zfunc in zsh's fpath"},
    {"sagewarden completion fish > ~/.config/fish/completions/sagewarden.fish", "For fish"},
};

constexpr Option kListOptions[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT", .values = Values::ControlFormat,
     .help = "text (a table, default) or json"},
    {.name = "set", .argument = "SET", .repeatable = true, .values = Values::Set,
     .help = "Only this set of built-in controls (default: all)"},
    {.name = "severity", .argument = "MIN", .values = Values::Severity,
     .help = "Only controls of this severity and above"},
    {.name = "standard", .argument = "NAME", .repeatable = true,
     .help = "Only controls that belong to this standard"},
    kControlsDir,
};

constexpr Positional kControl[] = {
    {.name = "CONTROL", .values = Values::Control, .help = "The id, such as SageMaker.3"}};
constexpr Option kShowOptions[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT", .values = Values::ControlFormat,
     .help = "text (the file as it was written, default) or json"},
    kControlsDir,
};
constexpr Example kShowExamples[] = {
    {"sagewarden controls show SageMaker.3 > mine/Notebook.1.yaml", "Start a control of your own, under an id of your own"}};

constexpr Positional kControlFolders[] = {
    {.name = "DIR", .required = false, .repeatable = true, .values = Values::Path,
     .help = "Folders or files with controls of your own"}};

constexpr Positional kTwoFiles[] = {
    {.name = "A", .values = Values::File, .help = "The earlier bundle, or report in the format json or ndjson"},
    {.name = "B", .values = Values::File, .help = "The later one, of the same sort"}};
constexpr Option kDiffWhat[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT", .values = Values::DiffFormat,
     .help = "text (default), json or markdown; to standard output"},
};
constexpr auto kDiffOptions = joined(kDiffWhat, kTerminal);
constexpr Example kDiffExamples[] = {
    {"sagewarden diff monday.ndjson.gz friday.ndjson.gz", "What has become of an account's resources"},
    {"sagewarden diff -o markdown main.ndjson branch.ndjson", "Which verdicts a change brings, for a pull request"},
};

constexpr Option kDoctorWhat[] = {
    {.name = "output", .letter = 'o', .argument = "FORMAT", .values = Values::ControlFormat,
     .help = "text (a table, default) or json"},
    {.name = "account", .argument = "ID", .repeatable = true,
     .help = "Look into this account (12 digits); others than the credentials' own by --role-name"},
    {.name = "region", .argument = "REGION", .repeatable = true,
     .help = "Look into this Region (default: all that the account has enabled)"},
};
constexpr Option kDoctorRun[] = {
    {.name = "verbose", .letter = 'v', .help = "Say each call"},
};
constexpr auto kDoctorOptions = joined(kDoctorWhat, kAwsAccess, kOrganization, kSelection, kDoctorRun, kTerminal);
constexpr Example kDoctorExamples[] = {
    {"sagewarden doctor --profile audit", "Before the first scan of an account"},
};

constexpr auto kRepairPolicyOptions = joined(kRepairPolicyWhat, kSelection);
constexpr Option kPolicyWhat[] = {
    {.name = "cloudformation",
     .help = "Print a template of the role that scans act as in other accounts, in place of the policy"},
    {.name = "from", .argument = "SOURCE",
     .help = "Where the resources are read: aws (SageMaker itself, default), config or config-aggregator"},
    {.name = "organization", .help = "With what finding the accounts of an organisation needs"},
    {.name = "plan", .help = "With what 'sagewarden plan' reads, beside what a scan does"},
    {.name = "publish", .argument = "WHERE", .values = Values::Publish,
     .help = "With what 'scan --publish securityhub' needs"},
    {.name = "role-name", .argument = "NAME",
     .help = "The role to act as in other accounts (default: SagewardenAudit, with --organization or --cloudformation)"},
    {.name = "partition", .argument = "PARTITION", .values = Values::Partition,
     .help = "The partition of that role (default: aws)"},
};
constexpr auto kPolicyOptions = joined(kPolicyWhat, kSelection);
constexpr Example kPolicyExamples[] = {
    {"sagewarden policy audit > audit.json", "For whoever scans"},
    {"sagewarden policy audit --cloudformation > role.json", "For the accounts that are scanned"},
};

constexpr Positional kDestinations[] = {
    {.name = "DESTINATION", .repeatable = true,
     .help = "securityhub, s3://BUCKET/PREFIX or the ARN of an SNS topic"}};
constexpr Option kPublishPolicyOptions[] = {
    {.name = "cloudformation",
     .help = "Print a template of a role with that policy, for the accounts that findings are of"},
    {.name = "role-name", .argument = "NAME",
     .help = "With --cloudformation: the role's name (default: SagewardenPublish)"},
    {.name = "partition", .argument = "PARTITION", .values = Values::Partition,
     .help = "The partition of the bucket (default: aws)"},
};
constexpr Example kPublishPolicyExamples[] = {
    {"sagewarden policy publish securityhub s3://findings/sagewarden", "For whoever publishes to both"},
    {"sagewarden policy publish securityhub --cloudformation > role.json", "For each account that has findings"},
};

constexpr Option kExplainOptions[] = {kControlsDir};
constexpr Example kExplainExamples[] = {{"sagewarden explain SageMaker.3", "Learn about a control"}};

constexpr Positional kHelpTopic[] = {
    {.name = "COMMAND", .required = false, .repeatable = true, .values = Values::Command,
     .help = "The command to explain"}};

constexpr Option kRepairRun[] = {
    kCollectRun[0], {.name = "verbose", .letter = 'v', .help = "Say more: each call, and how many there were"}};
constexpr Option kThreads[] = {kScanRun[0]};
constexpr auto kPlanOptions = joined(kPlanWhat, kSelection, kParameter, kRepairPlaces, kAwsAccess, kOrganization, kThreads, kRepairRun, kTerminal);
// Without --concurrency: what changes AWS is bounded by --parallel.
constexpr Option kRepairAccess[] = {kProfile, kHubOptions[2], kHubOptions[3], kEndpointUrl, kCaBundle};
constexpr auto kApplyOptions = joined(kApplyWhat, kCleanUp, kHowToCarryOut, kStateDir, kRepairAccess, kRepairRun, kTerminal);
constexpr auto kResumeOptions = joined(kSayYes, kCleanUp, kHowToCarryOut, kStateDir, kRepairAccess, kRepairRun, kTerminal);
constexpr auto kUndoOptions = joined(kSayYes, kHowToCarryOut, kStateDir, kRepairAccess, kRepairRun, kTerminal);
constexpr auto kShowPlan = joined(kShowPlanOptions, kTerminal);

constexpr auto kPreventScpOptions = joined(kPreventWhat, kSelection, kPreventSaid);
constexpr auto kPreventGuardOptions = joined(kSelection, kParameter, kPreventSaid);
constexpr auto kPreventAdmissionOptions = joined(kEnforce, kSelection, kParameter, kPreventSaid);
constexpr auto kPreventCoverageOptions = joined(kSelection, kParameter);

constexpr Command kCommands[] = {
    {"apply", "carry a plan of repair out",
     "Shows the plan and asks; then, for each action, looks whether the resource is still as it was when the plan was made, "
     "writes down what is about to be asked of AWS, asks, and waits until it is so. Actions do not depend on each other: when "
     "one fails the others go on. Afterwards AWS is scanned again, and each finding is shown as it was and as it is.\n\n"
     "What was done is kept in a journal: 'sagewarden resume' goes on with what was interrupted, 'sagewarden undo' takes it "
     "back.\n\n"
     "The exit status is 0 when all was done and passes, 1 when something still fails, 2 when an action was not done, and 3 "
     "when something could not be judged again.",
     kPlanFile, kApplyOptions, kApplyExamples, run_apply},
    {"collect", "save the resources in AWS as a bundle, to evaluate later or elsewhere",
     "Reads all types of resources that controls can be about, wholly and with their tags, and writes them to a file that "
     "'sagewarden scan' evaluates as it would have evaluated AWS. What could not be read is in it too. The options that "
     "choose controls narrow it to the types that those are about.\n\n"
     "The exit status is 0 when all was read, 3 when the bundle has gaps, and 2 when there is none.",
     {}, kCollectOptions, kCollectExamples, run_collect},
    {"completion", "print a completion script for a shell",
     "The script completes commands, options, formats, controls and file names.",
     kShell, {}, kCompletionExamples, run_completion},
    {"controls list", "list the controls",
     "Lists the built-in controls of all sets, and those of the folders given.",
     {}, kListOptions, {}, run_controls_list},
    {"controls reference", "print the reference of all built-in controls as Markdown",
     "This is what docs/controls.md holds.",
     {}, {}, {}, run_controls_reference},
    {"controls show", "print a control's file",
     "Prints the YAML file of a control: what it is about, its two expressions, and its tests.",
     kControl, kShowOptions, kShowExamples, run_controls_show},
    {"controls test", "run the tests inside the control files",
     "Runs the tests of the built-in controls, or of the files given. The exit status is 1 when one fails.",
     kControlFolders, {}, {}, run_controls_test},
    {"diff", "compare two bundles, or two reports",
     "Of bundles (and inventories) it says which resources appeared, changed (each property, from what to what) and went; of "
     "reports, plain or compressed, which verdicts did. What is in one only because the other did not look there, or could "
     "not, is said to be not seen; a property that one of them does not know is not compared.\n\n"
     "The exit status is 0 when they are the same, 1 when they differ, 2 on errors, and 3 when nothing differs but something "
     "could not be compared.",
     kTwoFiles, kDiffOptions, kDiffExamples, run_diff},
    {"doctor", "find out what a scan of AWS would see, and what would be denied",
     "Says whose the credentials are, which accounts and Regions can be reached and whether the clock is right, and tries each "
     "call that a scan makes, once in each Region: lists of one element, and Describe and ListTags of what does not exist. "
     "Nothing is changed.\n\n"
     "The exit status is 0 when a scan would see everything, 3 when it would not.",
     {}, kDoctorOptions, kDoctorExamples, run_doctor},
    {"explain", "explain a control: what it checks, why, and how to fix what fails",
     "Shows all there is to know about a control, with an example of a resource that fails and one that passes.",
     kControl, kExplainOptions, kExplainExamples, run_explain},
    {"help", "show the commands, or explain one", "", kHelpTopic, {}, {}, run_help},
    {"man", "print the manual page",
     "The page is made for man(1): sagewarden man | man -l -", {}, {}, {}, run_man},
    {"plan", "plan how to repair what failed",
     "Reads the findings of a report, or scans AWS, looks at each failed resource and at what depends on it, and plans the "
     "calls that repair it: in place where AWS allows that, otherwise by a new resource that takes the old one's place. "
     "What it cannot repair is in the plan too, with the reason and what a person can do. Only reading calls are made.\n\n"
     "A plan is a file that can be reviewed, and is good for the state that it was made in. It holds the resources' whole "
     "configuration, environment variables too, and is readable by its owner only.\n\n"
     "The exit status is 0 when everything that failed has a repair, 3 when something needs a person or could not be read.",
     kPlanInputs, kPlanOptions, kPlanExamples, run_plan},
    {"policy audit", "print the IAM policy that a scan of AWS needs",
     "The least that the selected controls need, made from the calls that a scan makes. With --cloudformation a template of a "
     "role with that policy, to be made in each account of an organisation by a stack set.",
     {}, kPolicyOptions, kPolicyExamples, run_policy_audit},
    {"policy publish", "print the IAM policy that publishing needs",
     "The least that 'publish' needs to bring findings there. Webhooks and folders need none. 'scan --publish' acts as the "
     "role of the scan: see 'policy audit --publish'.",
     kDestinations, kPublishPolicyOptions, kPublishPolicyExamples, run_policy_publish},
    {"policy remediate", "print the IAM policy that carrying a plan out needs",
     "The least that 'apply', 'resume' and 'undo' need for that plan: its calls and those that take them back, what is read "
     "on the way, and what judging again reads. Without a plan, what any repair of the selected controls can need. Keep it "
     "apart from the role that scans.",
     kMaybePlan, kRepairPolicyOptions, kRepairPolicyExamples, run_policy_remediate},
    {"prevent admission", "print Kubernetes admission policies for the ACK controller for SageMaker",
     "A ValidatingAdmissionPolicy and its binding for each control, as YAML: objects from which the controller would make a "
     "resource that violates the control are let in with a warning and a note in the audit log or, with --enforce, refused. "
     "They are the controls' own expressions. For which types the controller has no objects is said.",
     {}, kPreventAdmissionOptions, kPreventAdmissionExamples, run_prevent_admission},
    {"prevent ci", "print a CI pipeline that scans what a change would deploy, and fails",
     "Templates of the CDK, or a Terraform plan, are scanned before anything is deployed. Findings appear where the platform "
     "shows them. Put your own names in place of those in it.",
     kPlatform, {}, kPreventCiExamples, run_prevent_ci},
    {"prevent coverage", "print what each kind of prevention does about each control",
     "A table in Markdown: what refuses the violation, what more it refuses, or why there is nothing that could.",
     {}, kPreventCoverageOptions, {}, run_prevent_coverage},
    {"prevent guard", "print rules of AWS CloudFormation Guard",
     "A rule for each control, named as AWS Config's rule, for cfn-guard 3.1. Templates are judged as 'sagewarden scan' judges "
     "them, as far as Guard's language goes; what only a scan can tell is refused.",
     {}, kPreventGuardOptions, kPreventGuardExamples, run_prevent_guard},
    {"prevent scp", "print a service control policy that denies what the controls would find",
     "Denies the calls that would make what the controls find, by the condition keys that AWS has. What no key shows is said, "
     "with what can be done instead. The same statements are good in an IAM policy or a permission boundary. It does not change "
     "what is there already, and does not bind an organisation's management account.",
     {}, kPreventScpOptions, kPreventExamples, run_prevent_scp},
    {"publish folder", "write the findings of a report into a folder, a file for each account and Region",
     "The files lie in folders region=, accountId= and eventDay=, as data lakes have it. They appear all or "
     "not at all; a file in _manifests, written last, lists them. Publishing the same report again changes nothing.",
     kFolderInput, kFolderOptions, {}, run_publish_folder},
    {"publish s3", "store the findings of a report in an S3 bucket, an object for each account and Region",
     "Keys are as for 'publish folder', below the prefix. The manifest is stored last, and only when all else is. An object "
     "that is there already is left as it is: a key names its content.",
     kBucketInput, kBucketOptions, kBucketExamples, run_publish_s3},
    {"publish securityhub", "bring the findings of a report to AWS Security Hub",
     "Security Hub then shows what the report says: new findings are added, changed ones updated, and those of resources "
     "that are gone archived. What did not change is left alone. Archived is only what the report's run looked for and did "
     "not find: it must have applied the control, and have read all resources of the type in the account and Region. What "
     "people did about a finding (workflow status, note) stays.\n\n"
     "Findings without account and Region, as of templates, cannot be published; they are named.\n\n"
     "The exit status is 0 when everything is where it should be, 2 when not.",
     kReportInput, kHubOptions, kHubExamples, run_publish_securityhub},
    {"publish sns", "send a summary of a report to an SNS topic",
     "How much failed by severity, what is new, what was not read and the most urgent resources: JSON for programs, text "
     "for subscriptions by mail, a line for SMS. No values of settings.",
     kTopicInput, kTopicOptions, {}, run_publish_sns},
    {"publish webhook", "send a summary of a report to a web address",
     "A POST with the summary as JSON. When the environment variable SAGEWARDEN_WEBHOOK_SECRET is set, the header "
     "X-Sagewarden-Signature holds sha256= and the HMAC-SHA256, with that secret, of X-Sagewarden-Timestamp, a dot and "
     "the body. It is sent again only when nobody can have taken it: without a connection, or after HTTP status 429 or "
     "503. Redirections are not followed.",
     kWebhookInput, kWebhookOptions, {}, run_publish_webhook},
    {"resume", "go on with an execution that was interrupted, or try again what failed",
     "Looks at AWS for how far it came, as its journal alone cannot know, and goes on from there. With --cleanup it also "
     "deletes what an execution has replaced.",
     kInterruptedExecution, kResumeOptions, {}, run_resume},
    {"scan", "evaluate the resources in files or in AWS, and report",
     "Each input is recognised by its content: output of the AWS CLI and API, AWS Config snapshots, history files and "
     "query results, CloudFormation templates in JSON and YAML, CDK assemblies, Terraform plans and states, and "
     "Sagewarden inventories; each plain or compressed by gzip.\n\n"
     "With --aws the resources are read from AWS itself, with the credentials that the AWS CLI would use. Only reading "
     "calls are made.\n\n"
     "What could not be read or judged is reported as such and never as passed.",
     kInputs, kScanOptions, kScanExamples, run_scan},
    {"show", "show a plan: what would happen, in which order, why, and how it is taken back",
     "Nothing is asked of AWS.",
     kPlanFile, kShowPlan, {}, run_show},
    {"status", "list what was carried out, or show how far an execution came",
     "Reads the journals; nothing is asked of AWS.",
     kExecution, kStateDir, {}, run_status},
    {"undo", "take back what an execution did",
     "Brings back what its journal recorded, in reverse order, as far as AWS allows, and says what it cannot. It is an "
     "execution itself: it asks first, has a journal, and can be resumed. Afterwards AWS is scanned again, and the findings "
     "are shown as they are judged then.",
     kExecution, kUndoOptions, {}, run_undo},
};
// clang-format on
static_assert(std::ranges::is_sorted(kCommands, {}, &Command::name));

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kCommands, name, {}, &Command::name);
  return found != std::end(kCommands) && found->name == name ? found : nullptr;
}

}  // namespace sagewarden
