// Turns the conformance cases into lines of JSON, has the program evaluate them and compares what comes back.
// Prints a table with a row for each section; the exit status is 1 when a case fails.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

const [file, program] = process.argv.slice(2);
const { tests } = await import(pathToFileURL(file));

// Sections that are left out as a whole.
const leftOut = {
  block_ext: "cel.block is what an optimiser writes, no author does",
  enums: "enums come from protobuf messages",
  proto2: "protobuf messages",
  proto2_ext: "protobuf messages",
  proto3: "protobuf messages",
  type_deductions: "asks what a static type checker concludes",
};

// Cases that are left out in the other sections: those that make or receive a protobuf message.
const messageText = /TestAllTypes|\b[A-Z]\w*\{|google\.protobuf\.(?!Timestamp\b(?!\{)|Duration\b(?!\{))/;
const wellKnown = ["type.googleapis.com/google.protobuf.Duration", "type.googleapis.com/google.protobuf.Timestamp"];

function needsMessage(value) {
  if (value === null || typeof value !== "object") return false;
  if (value.objectValue) return !wellKnown.includes(value.objectValue["@type"]);
  return Object.values(value).some(needsMessage);
}

function* casesOf(suite, section, prefix) {
  for (const test of suite.tests ?? []) yield { section, name: `${prefix}${test.original.name}`, ...test.original };
  for (const inner of suite.suites ?? []) yield* casesOf(inner, section, `${prefix}${inner.name}/`);
}

// The same value always as the same text: entries of maps sorted, numbers in one spelling.
function canonical(value) {
  if (value.listValue) return `[${(value.listValue.values ?? []).map(canonical).join(",")}]`;
  if (value.mapValue) {
    const entries = (value.mapValue.entries ?? []).map((e) => `${canonical(e.key)}:${canonical(e.value)}`);
    return `{${entries.sort().join(",")}}`;
  }
  if ("doubleValue" in value) return `double ${Number(value.doubleValue)}`;
  return JSON.stringify(value);
}

const sections = new Map();
const lines = [];
for (const suite of tests.suites) {
  const row = { run: 0, failed: 0, left: 0, reason: leftOut[suite.name] ?? "" };
  sections.set(suite.name, row);
  for (const test of casesOf(suite, suite.name, "")) {
    const bindings = Object.entries(test.bindings ?? {}).map(([name, bound]) => ({ name, value: bound.value }));
    if (row.reason || messageText.test(test.expr) || needsMessage(test.bindings) || needsMessage(test.value)) {
      ++row.left;
      continue;
    }
    ++row.run;
    lines.push({ test, input: { expr: test.expr, container: test.container ?? "", late: test.disableCheck === true, bindings } });
  }
}

const input = lines.map((line) => JSON.stringify(line.input)).join("\n");
const done = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 28 });
if (done.error) throw done.error;
if (done.status !== 0) throw new Error(`${program}: status ${done.status}, signal ${done.signal}\n${done.stderr}`);
const results = done.stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
if (results.length !== lines.length) throw new Error(`${lines.length} cases, ${results.length} results`);

lines.forEach(({ test }, i) => {
  const wantsError = test.evalError !== undefined;
  const wanted = wantsError ? "an error" : canonical(test.value ?? { boolValue: true });
  const found = "error" in results[i] ? "an error" : canonical(results[i].value);
  if (wanted === found) return;
  ++sections.get(test.section).failed;
  console.log(`FAILED ${test.section}/${test.name}: ${test.expr}\n  wanted ${wanted}, found ${found} ${results[i].error ?? ""}`);
});

console.log("| section | run | failed | left out | why |\n|---|---:|---:|---:|---|");
const sum = { run: 0, failed: 0, left: 0 };
for (const [name, row] of sections) {
  if (row.run + row.left === 0) continue;
  for (const key of Object.keys(sum)) sum[key] += row[key];
  const why = row.reason || (row.left > 0 ? "protobuf messages" : "");
  console.log(`| ${name} | ${row.run} | ${row.failed} | ${row.left} | ${why} |`);
}
console.log(`| all | ${sum.run} | ${sum.failed} | ${sum.left} | |`);
process.exitCode = sum.failed === 0 && sum.run > 0 ? 0 : 1;
