import { readFile } from "node:fs/promises";
import path from "node:path";
import { peersTable } from "./peers/peers_table.ts";
import { type Result, resultsFolder, type Row } from "./result.ts";

/** Where the README's figures stand, between two comments. */
const begin = "<!-- figures: pnpm bench readme -->";
const end = "<!-- /figures -->";

/** The README with its figures taken from the results of the benchmarks. */
export async function withFigures(readme: string, folder: string = resultsFolder): Promise<string> {
  const read = async (name: string): Promise<Result> =>
    JSON.parse(await readFile(path.join(folder, `${name}.json`), "utf8"));
  const names = ["seed", "scaling", "scaling-wide", "neighbours-wide", "step", "step-wide"];
  const results = await Promise.all(names.map(async (name): Promise<[string, Result]> => [name, await read(name)]));
  const peers = await read("peers");
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for figures: ${begin} … ${end}`);
  return `${readme.slice(0, from)}${begin}\n${peersTable(peers)}\n\n${figures(new Map(results))}\n${readme.slice(to)}`;
}

function figures(results: ReadonlyMap<string, Result>): string {
  const line = (what: string, benchmark: string, row: string): string => figure(what, results.get(benchmark)!, row);
  const seed = results.get("seed")!;
  const [beside, over] = ["beside one busy process", "2 workers over 1"];
  const lines = [
    "| what | kernels | median | MAD | samples |",
    "|---|---|---|---|---|",
    line("seed CNN, ten epochs, process start to exit", "seed", "ten epochs, process start to exit"),
    line("… test accuracy after them", "seed", "test accuracy"),
    line("… from process start to the first step", "seed", "process start to first step"),
    line("training, batch 64, one worker", "scaling-wide", "batch 64, 1 worker"),
    line("training, batch 64, two workers", "scaling-wide", "batch 64, 2 workers"),
    line("… two workers over one", "scaling-wide", "batch 64, 2 workers over 1"),
    line("… two threads that share nothing, over one", "scaling-wide", "batch 64, 2 threads apart over 1"),
    line("training, batch 256, two workers", "scaling-wide", "batch 256, 2 workers"),
    line("… two workers over one", "scaling-wide", "batch 256, 2 workers over 1"),
    line("… two threads that share nothing, over one", "scaling-wide", "batch 256, 2 threads apart over 1"),
    line("… two workers over one, beside a busy process, nice 10", "neighbours-wide", `${beside}, nice 10: ${over}`),
    line("… beside one of equal priority", "neighbours-wide", `${beside} of equal priority: ${over}`),
    line("… pinned to one core", "neighbours-wide", `pinned to one core: ${over}`),
    line("training, batch 64, one worker", "scaling", "batch 64, 1 worker"),
    line("training, batch 64, two workers", "scaling", "batch 64, 2 workers"),
    line("… two workers over one", "scaling", "batch 64, 2 workers over 1"),
    line("one replica's gradient, batch 64", "step-wide", "planned, batch 64"),
    line("… its forward pass alone, as `evaluate` runs it", "step-wide", "forward, batch 64"),
    line("one replica's gradient, batch 64", "step", "planned, batch 64"),
    line("… through tfjs's tape instead", "step", "tape, batch 64"),
  ];
  const { cpu, cores } = seed.machine;
  const commands = [...results.values()].map(({ command }) => `\`${command}\``).join(", ");
  return [...lines, "", `${cpu}, ${cores} cores, Node ${seed.node}. From ${commands}.`].join("\n");
}

function figure(what: string, { name: benchmark, kernels, rows }: Result, rowName: string): string {
  const row = rows.find(({ name }) => name === rowName);
  if (row === undefined) throw new Error(`benchmarks/results/${benchmark}.json has no row "${rowName}"`);
  const unit = row.unit === "times" ? "×" : ` ${row.unit}`;
  const variant = row["replica"] === "tape" ? "tfjs" : (row["kernels"] ?? kernels);
  const cells = [variant, `${number(row.median, row)}${unit}`, number(row.mad, row), row.samples];
  return `| ${what} | ${cells.join(" | ")} |`;
}

function number(value: number, { unit }: Row): string {
  const digits = unit === "images/s" ? 0 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
