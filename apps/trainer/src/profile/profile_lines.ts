import { counted, grouped, percent, sharedMachineLine } from "@convoy/parallel/progress";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import type { LayerProfile, Profile, WorkerProfile } from "./profile.ts";

const layersNote =
  "GFLOP/s count the arithmetic of a plain loop (dense equivalent); executed, what is done instead, with the lanes that " +
  "vectors waste. For routed gradients that is expected, not counted: one of a pool's four cells and, behind a relu, half " +
  "of the values alive. Of bare: executed, by the rate of a bare matrix product in this process.";

const workersNote =
  "Microseconds a step. Compute: forward and backward over the parts of the minibatch that the worker took. Reduce: sum " +
  "over the parts, check, optimizer. Wait: until all parts, and all slices of the sum, are done. Core: processor time by " +
  "wall time. Parts: of all steps; relieved: those that another had begun, and was put aside by the system.";

/** What was profiled. */
export interface ProfileSettings {
  readonly dataset: string;
  readonly model: string;
  readonly kernels: string;
  readonly batchSize: number;
  readonly shards: number;
  readonly steps: number;
  readonly countedSteps: number;
}

/** The profile as tables. */
export function profileLines(profile: Profile, settings: ProfileSettings, columns: number): string[] {
  const { layers, others, microseconds, productGigaflops, workers } = profile;
  const rows = layers.map((row, i) => layerRow(row, i > 0 && layers[i - 1].layers[0] === row.layers[0]));
  const rest = others.map((part) => partRow(part.name, part.microseconds, percent(part.share, 1)));
  return [
    ...wrap(titleOf(settings), columns),
    "",
    ...table(
      [
        { title: "layers" },
        { title: "phase" },
        { title: "algorithm" },
        { title: "µs/image", numeric: true },
        { title: "share", numeric: true },
        { title: "GFLOP/s", numeric: true },
        { title: "executed", numeric: true },
        { title: "of bare", numeric: true },
      ],
      [...rows, ...rest, partRow("whole step", sumAsShown(profile), percent(1, 1))],
    ),
    "",
    `One thread: ${grouped(1e6 / microseconds)} images/s; a bare matrix product: ${productGigaflops.toFixed(1)} GFLOP/s.`,
    ...wrap(layersNote, columns),
    "",
    ...table(
      [
        { title: "worker" },
        { title: "step µs", numeric: true },
        { title: "compute", numeric: true },
        { title: "", numeric: true },
        { title: "reduce", numeric: true },
        { title: "", numeric: true },
        { title: "wait", numeric: true },
        { title: "", numeric: true },
        { title: "core", numeric: true },
        { title: "parts", numeric: true },
        { title: "relieved", numeric: true },
      ],
      workers.map(workerRow),
    ),
    "",
    ...wrap(speedLine(workers, settings.batchSize), columns),
    ...wrap(sharedMachineLine(workers.map(({ usage }) => usage)) ?? "", columns).filter((line) => line !== ""),
    ...wrap(workersNote, columns),
  ];
}

function titleOf({ dataset, model, kernels, batchSize, shards, steps, countedSteps }: ProfileSettings): string {
  return (
    `${model} on ${dataset}: batches of ${batchSize} in ${counted(shards, "shard")}, ${kernels} kernels; ` +
    `means of the middle half of ${grouped(countedSteps)} steps after ${grouped(steps - countedSteps)}`
  );
}

function partRow(name: string, microseconds: number, share: string): string[] {
  return [name, "", "", microseconds.toFixed(2), share, "", "", ""];
}

/** Of the numbers as they stand above it, so that it is their sum to the last digit. */
function sumAsShown({ layers, others }: Profile): number {
  return [...layers, ...others].reduce((sum, row) => sum + Number(row.microseconds.toFixed(2)), 0);
}

function rate(value: number | undefined): string {
  return value?.toFixed(1) ?? "-";
}

function layerRow(row: LayerProfile, repeated: boolean): string[] {
  const { layers, phase, algorithm, microseconds, share, gigaflops, executedGigaflops, ofProduct } = row;
  return [
    repeated ? "" : layers.join(" + "),
    phase,
    algorithm,
    microseconds.toFixed(2),
    percent(share, 1),
    rate(gigaflops),
    rate(executedGigaflops),
    ofProduct === undefined ? "-" : percent(ofProduct, 0),
  ];
}

function workerRow({ worker, step, compute, reduce, wait, usage }: WorkerProfile): string[] {
  const parts = [compute, reduce, wait];
  const shown = parts.reduce((sum, part) => sum + Math.round(part), 0);
  const { coreShare, parts: taken, takenOver } = usage;
  return [
    String(worker),
    grouped(shown),
    ...parts.flatMap((part) => [grouped(part), percent(part / step, 1)]),
    coreShare === undefined ? "-" : percent(coreShare, 0),
    grouped(taken),
    grouped(takenOver),
  ];
}

/** The slowest worker's step is everybody's. */
function speedLine(workers: readonly WorkerProfile[], batchSize: number): string {
  const step = Math.max(...workers.map((worker) => worker.step));
  const busiest = Math.max(...workers.map(({ compute }) => compute));
  return (
    `${workers.length === 1 ? "One worker" : `${workers.length} workers`}: ` +
    `${grouped((batchSize * 1e6) / step)} images/s; beyond the busiest one's compute: ${percent(1 - busiest / step, 1)}.`
  );
}
