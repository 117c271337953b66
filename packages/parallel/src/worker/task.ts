import type { ImageStore, Optimizer } from "@convoy/core/training";
import type { ReplicaSpec } from "@convoy/tfjs/replica";
import type { Layout } from "../plan/layout.ts";
import type { StepPlan } from "../plan/plan.ts";
import type { WasmMemory } from "@convoy/core/training";
import type { Usage } from "./usage.ts";

/** What is known of a run before there is data: enough for a thread to plan and compile the network. */
export interface RunStart {
  readonly id: string;
  readonly spec: ReplicaSpec;
  /** The most images in one call of the replica. */
  readonly capacity: number;
  readonly plan: StepPlan;
  /** Images in one chunk of an evaluation. */
  readonly chunk: number;
}

/** All that a thread needs to know of a run. Any thread can take any task of any worker: the task says which. */
export interface Run extends RunStart {
  readonly memory: WasmMemory;
  readonly layout: Layout;
  readonly store: ImageStore;
  /** Images that the weights are judged by, to keep the best; and others, that nothing is chosen by. */
  readonly validation: ImageStore | undefined;
  readonly test: ImageStore | undefined;
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  readonly seed: number;
  /** Whether workers note how long the phases of their steps take. */
  readonly timed: boolean;
  /** A module that wraps the replica; used by the tests that inject faults. */
  readonly replicaWrapper: ReplicaWrapperModule | undefined;
}

export interface ReplicaWrapperModule {
  /** URL of a module whose default export is a `ReplicaWrapper`. */
  readonly module: string;
  /** Passed on; anything that can be posted. */
  readonly data: unknown;
}

export interface WorkerTask {
  readonly run: Run;
  readonly worker: number;
}

/** Which images of the run are evaluated on. */
export type EvaluationImages = "validation" | "test";

export interface EvaluationTask extends WorkerTask {
  readonly images: EvaluationImages;
}

export interface TrainTask extends WorkerTask {
  /** From 0. */
  readonly epoch: number;
  /** Optimizer steps before the first of this epoch. */
  readonly firstStep: number;
  readonly steps: number;
}

export type TrainOutcome =
  | { readonly kind: "done" | "stopped" | "aborted" }
  /** `guilty`: what this worker computed of the minibatch has a loss or gradient that is not finite. */
  | { readonly kind: "nonFinite"; readonly guilty: boolean };

/** What a worker brings back from a run of steps. */
export interface Trained {
  readonly outcome: TrainOutcome;
  readonly usage: Usage;
}
