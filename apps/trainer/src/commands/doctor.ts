import { printableLine } from "@convoy/core/training";
import type { Environment } from "../environment.ts";
import { examine, type Findings } from "../doctor/findings.ts";
import { advice } from "../doctor/advice.ts";
import { kernelChoices } from "../kernels/kernel_choice.ts";
import { CheckDisplay } from "../kernels/check_display.ts";
import { chooseKernels } from "../kernels/choose_kernels.ts";
import { seedNetwork } from "../options/model_option.ts";
import { choice, flag } from "../options/option.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { facts } from "../terminal/facts.ts";
import { counted, grouped, percent } from "@convoy/parallel/progress";
import { defineCommand, type Command } from "./command.ts";

export const doctor: Command = defineCommand({
  name: "doctor",
  description:
    "Prints the cores against what the container may use, what else runs, memory, disk, Node, and the kernels that run here, " +
    "trains the network of the seed program on random images for some steps to say how many images a second to expect, " +
    "and advises.",
  options: {
    kernels: choice(kernelChoices, "auto", "wide is faster on some processors; auto checks, once, whether on this one"),
    json: flag("one JSON object on standard output"),
  },
  examples: ["doctor", "doctor --json"],
  run: async ({ values }, environment) => {
    const tell = (line: string): void => environment.stderr.write(`${printableLine(line)}\n`);
    const model = seedNetwork.build({});
    const kernels = await chooseKernels(values.kernels, model.toJSON(), {
      signal: environment.signal,
      tell,
      display: new CheckDisplay(environment.stderr),
    });
    const findings = await examine(environment.directory, model, kernels, environment.signal);
    const lines = advice(findings);
    if (values.json) writeJson(environment.stdout, { event: "doctor", ...findings, advice: lines });
    else print(environment, findings, lines);
    return 0;
  },
});

function print({ stdout }: Environment, findings: Findings, lines: readonly string[]): void {
  const { node, platform, processor, cores, quota, usable, simd, relaxedSimd, kernels } = findings;
  const { memory, memoryLimit, memoryFree, disk, workers, imagesPerSecond } = findings;
  const { load, throttled, productGigaflops, ofClock, ofProduct } = findings;
  const bounds = quota === undefined ? "no quota" : `a quota of ${quota}`;
  const limit = memoryLimit === undefined ? "" : `, of which this container may use ${gigabytes(memoryLimit)}`;
  const rows = [
    [
      "Processor",
      `${processor}: ${counted(cores, "core")}, ${bounds}; ${counted(usable, "thread")} can compute at once`,
    ],
    ["Load", [loadText(load), ...(throttled === undefined ? [] : [throttledText(throttled)])].join("; ")],
    ["Memory", `${gigabytes(memory)}${limit}; ${gigabytes(memoryFree)} free`],
    ["Disk", disk === undefined ? "unknown" : `${gigabytes(disk)} free where runs are kept`],
    ["Node", `${node}, ${platform}`],
    ["Kernels", `${kernels}; SIMD ${yes(simd)}, relaxed SIMD ${yes(relaxedSimd)}`],
    [
      "Speed",
      `${grouped(imagesPerSecond)} images/s in training, seed-cnn, batches of 64, ${counted(workers, "worker")}; ` +
        `${percent(ofProduct, 0)} of bare products`,
    ],
    ["Product", `${productGigaflops.toFixed(1)} GFLOP/s on one core${ofClock === undefined ? "" : clockText(ofClock)}`],
    ...lines.map((line, i) => [i === 0 ? "Advice" : "", line] as const),
  ] as const;
  stdout.write(`${facts(rows, stdout.isTerminal ? stdout.columns : Infinity).join("\n")}\n`);
}

function loadText(load: number | undefined): string {
  return load === undefined ? "unknown" : `${load.toFixed(1)} threads wanted to run in the last minute`;
}

function throttledText(share: number): string {
  return `the quota was used up in ${percent(share, 0)} of the time slices`;
}

function clockText(share: number): string {
  return `, ${percent(share, 0)} of what its clock allows`;
}

function yes(is: boolean): string {
  return is ? "yes" : "no";
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
