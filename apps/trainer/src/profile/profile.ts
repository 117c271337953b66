import {
  describePlan,
  type KernelVariant,
  type OperationPart,
  type PlanPhase,
  type PlanRow,
  type SequentialConfig,
} from "@convoy/core/training";
import type { Usage, WorkerTimings } from "@convoy/parallel";
import type { Laps } from "./laps.ts";
import { lapName, otherParts } from "./layers_run.ts";
import { meanAt, middleHalf } from "./statistics.ts";

/** Where the time of a training step goes. Times are means over the middle half of the steps that count, so that they add up. */
export interface Profile {
  /** One a block and phase; the plan with what was measured. */
  readonly layers: readonly LayerProfile[];
  /** What is not part of a layer's phase. */
  readonly others: readonly PartProfile[];
  /** The whole step of one thread, in microseconds an image. */
  readonly microseconds: number;
  /** GFLOP/s of a bare matrix product in the same process. */
  readonly productGigaflops: number;
  readonly workers: readonly WorkerProfile[];
}

export interface LayerProfile extends Omit<PlanRow, "microseconds"> {
  /** Of one image. */
  readonly microseconds: number;
  readonly expectedMicroseconds: number;
  /** Of the step. */
  readonly share: number;
  /** Of convolutions and dense layers: what the dense arithmetic in this time would be. */
  readonly gigaflops?: number;
  /** Of the arithmetic that is executed; for routed gradients, that is expected. */
  readonly executedGigaflops?: number;
  /** The latter, as a fraction of `productGigaflops`. */
  readonly ofProduct?: number;
}

export interface PartProfile {
  readonly name: string;
  readonly microseconds: number;
  readonly share: number;
}

/** Microseconds a step, and the step's shares. */
export interface WorkerProfile {
  readonly worker: number;
  readonly step: number;
  readonly compute: number;
  readonly reduce: number;
  readonly wait: number;
  readonly usage: Usage;
}

const partOf: Readonly<Record<PlanPhase, OperationPart>> = {
  forward: "forward",
  "input gradient": "backwardInput",
  "weight gradient": "backwardWeights",
};

/** Puts the plan of a network and what was measured together. */
export function profileOf(
  model: SequentialConfig,
  kernels: KernelVariant,
  { batchSize, laps, productGigaflops, workers }: Measured,
): Profile {
  const perImage = (milliseconds: number): number => (milliseconds * 1000) / batchSize;
  const microseconds = perImage(laps.typical(otherParts.step));
  const layers = describePlan(model, kernels).map((row) => {
    const took = perImage(laps.typical(lapName(row.layers[0], partOf[row.phase])));
    return layerProfile(row, took, took / microseconds, productGigaflops);
  });
  const part = (name: string, milliseconds: number): PartProfile => {
    const took = perImage(milliseconds);
    return { name, microseconds: took, share: took / microseconds };
  };
  const [pack, optimizer] = [otherParts.pack, otherParts.optimizer].map((name) => part(name, laps.typical(name)));
  // Whatever has no row of its own.
  const named = [...layers, pack, optimizer].reduce((sum, row) => sum + row.microseconds, 0);
  const rest = part(otherParts.rest, ((microseconds - named) * batchSize) / 1000);
  return {
    layers,
    others: [pack, rest, optimizer],
    microseconds,
    productGigaflops,
    workers,
  };
}

function layerProfile(row: PlanRow, took: number, share: number, productGigaflops: number): LayerProfile {
  const { microseconds: expectedMicroseconds, flops, executedFlops, algorithm } = row;
  const measured = { ...row, microseconds: took, expectedMicroseconds, share };
  // Passes over memory are no arithmetic to speak of.
  if (algorithm === "pool" || algorithm === "elementwise" || algorithm === "skipped") return measured;
  const executedGigaflops = executedFlops / took / 1000;
  const gigaflops = flops / took / 1000;
  return { ...measured, gigaflops, executedGigaflops, ofProduct: executedGigaflops / productGigaflops };
}

export interface Measured {
  readonly batchSize: number;
  readonly laps: Laps;
  readonly productGigaflops: number;
  readonly workers: readonly WorkerProfile[];
}

/**
 * @param usage of the whole epoch
 * @param uncounted steps at the start that do not count
 */
export function workerProfiles(
  timings: readonly WorkerTimings[],
  usage: readonly Usage[],
  uncounted: number,
): WorkerProfile[] {
  return timings.map(({ compute, reduce, wait }, worker) => {
    const wholes = compute.map((each, step) => each + reduce[step] + wait[step]);
    const typical = middleHalf(wholes.slice(uncounted)).map((step) => step + uncounted);
    const microseconds = (milliseconds: readonly number[]): number => meanAt(milliseconds, typical) * 1000;
    return {
      worker,
      step: microseconds(wholes),
      compute: microseconds(compute),
      reduce: microseconds(reduce),
      wait: microseconds(wait),
      usage: usage[worker],
    };
  });
}
