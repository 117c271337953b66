import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Result, resultsFolder, type Row } from "./result.ts";

/** Where the README's figures stand, between two comments. */
const begin = "<!-- figures: pnpm bench readme -->";
const end = "<!-- /figures -->";

/** The README with its figures taken from the results of the benchmarks. */
export async function withFigures(readme: string, folder: string = resultsFolder): Promise<string> {
  const [step, scaling, seed] = await Promise.all(
    ["step", "scaling", "seed"].map(async (name): Promise<Result> =>
      JSON.parse(await readFile(path.join(folder, `${name}.json`), "utf8")),
    ),
  );
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for figures: ${begin} … ${end}`);
  return `${readme.slice(0, from)}${begin}\n${figures(step, scaling, seed)}\n${readme.slice(to)}`;
}

function figures(step: Result, scaling: Result, seed: Result): string {
  const lines = [
    "| what | median | MAD | samples | from |",
    "|---|---|---|---|---|",
    line("Seed CNN, ten epochs, process start to exit", seed, "ten epochs, process start to exit"),
    line("… test accuracy after them", seed, "test accuracy"),
    line("… from process start to the first step", seed, "process start to first step"),
    line("Training, batch 64, one worker", scaling, "batch 64, 1 worker"),
    line("Training, batch 64, two workers", scaling, "batch 64, 2 workers"),
    line("… two workers over one", scaling, "batch 64, 2 workers over 1"),
    line("Training, batch 256, two workers", scaling, "batch 256, 2 workers"),
    line("… two workers over one", scaling, "batch 256, 2 workers over 1"),
    line("One replica's gradient, batch 64", step, "planned, batch 64"),
    line("… through tfjs's tape instead", step, "tape, batch 64"),
  ];
  const { cpu, cores } = scaling.machine;
  return [...lines, "", `${cpu}, ${cores} cores, Node ${scaling.node}, ${scaling.kernels} kernels.`].join("\n");
}

function line(what: string, { name: benchmark, rows }: Result, rowName: string): string {
  const row = rows.find(({ name }) => name === rowName);
  if (row === undefined) throw new Error(`benchmarks/results/${benchmark}.json has no row "${rowName}"`);
  const unit = row.unit === "times" ? "×" : ` ${row.unit}`;
  const cells = [`${number(row.median, row)}${unit}`, number(row.mad, row), row.samples, `\`bench ${benchmark}\``];
  return `| ${what} | ${cells.join(" | ")} |`;
}

function number(value: number, { unit }: Row): string {
  const digits = unit === "images/s" ? 0 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
