// Draws the README's picture, and writes what the documentation shows of the terminal, from the results of the benchmarks;
// a test compares. Usage: node scripts/samples.ts

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { describePlan, seedCnn } from "../packages/core/src/training.ts";
import { planLines } from "../apps/trainer/src/profile/plan_lines.ts";
import { profileLines } from "../apps/trainer/src/profile/profile_lines.ts";
import { shownRun } from "./recorded_run.ts";
import { terminalPicture } from "./terminal_picture.ts";

const root = path.join(import.meta.dirname, "..");
const columns = 116;

/** A file of the documentation, as it is to be. */
export interface Sample {
  readonly file: string;
  readonly text: string;
}

/** What `samples` leaves as it is, because the benchmark behind it was not run since it stores what is shown. */
export function unmeasured(): string[] {
  return [
    ...(result("seed").events === undefined ? ["seed"] : []),
    ...(result("profile").event === undefined ? ["profile"] : []),
  ];
}

export function samples(): Sample[] {
  return [...picture(), { file: "docs/profile.md", text: profilePage() }];
}

/** Of the run whose time is in the README's table. */
function picture(): Sample[] {
  const { events } = result("seed");
  if (events === undefined) return [];
  const lines = ["$ pnpm trainer start", "", ...shownRun(events)];
  return [{ file: "docs/images/trainer.svg", text: terminalPicture(lines) }];
}

function profilePage(): string {
  const plan = planLines(describePlan(seedCnn().toJSON(), "wide"), "wide", columns);
  const page = withSample(read("docs/profile.md"), "plan", indented(plan));
  const { event, machine, node } = result("profile");
  if (event === undefined) return page;
  const where = `${machine.cpu}, ${machine.cores} cores, Node ${node}, by \`pnpm bench profile\`:`;
  return withSample(page, "profile", [where, "", ...indented(profileLines(event, event, columns))]);
}

/** Between `<!-- sample: name -->` and the next `<!-- /sample -->`. */
function withSample(page: string, name: string, lines: readonly string[]): string {
  const begin = `<!-- sample: ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf("<!-- /sample -->", from);
  if (from < 0 || to < 0) throw new Error(`there is no place for ${begin}`);
  return `${page.slice(0, from)}${begin}\n\n${lines.join("\n")}\n\n${page.slice(to)}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `    ${line}`));
}

// oxlint-disable-next-line typescript/no-explicit-any -- what the benchmarks wrote
function result(name: string): any {
  const file = `benchmarks/results/${name}.json`;
  return existsSync(path.join(root, file)) ? JSON.parse(read(file)) : {};
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

if (process.argv[1] === import.meta.filename) {
  for (const { file, text } of samples()) writeFileSync(path.join(root, file), text);
}
