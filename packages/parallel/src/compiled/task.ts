import type { CompiledModelSpec, OptimizerSpec, ReplicaDescription } from "@convoy/tfjs/tape";
import type { DealtPlan } from "../plan/dealt_plan.ts";
import type { ReplicaWrapperModule } from "../worker/task.ts";
import type { CompiledLayout } from "./layout.ts";
import type { SharedSamples } from "./samples.ts";
import type { WasmMemory } from "@convoy/core/training";

/** All that a thread needs to build the model and to see that it can be trained. */
export interface CompiledRun {
  readonly id: string;
  readonly spec: CompiledModelSpec;
  /** URL of a module that builds the model or registers its classes. */
  readonly modelModule: string | undefined;
  readonly plan: DealtPlan;
  /** The words of `control/words.ts`. */
  readonly control: Int32Array;
  readonly data: SharedSamples;
  readonly validation: SharedSamples | undefined;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Used by the tests that inject faults. */
  readonly replicaWrapper: ReplicaWrapperModule | undefined;
}

export interface CompiledTask {
  readonly run: CompiledRun;
  readonly worker: number;
}

/** What a thread found: the model and how long a shard takes, or why it cannot train it. */
export type Preparation =
  | { readonly description: ReplicaDescription; readonly milliseconds: number }
  | { readonly refusal: { readonly code: string; readonly message: string } };

/** Tasks that come once all threads have the model, and main has laid out what they share. */
export interface SharingTask extends CompiledTask {
  readonly memory: WasmMemory;
  readonly layout: CompiledLayout;
}

export interface CompiledTrainTask extends SharingTask {
  /** From 0. */
  readonly epoch: number;
  /** The settings of the epoch. */
  readonly optimizer: OptimizerSpec;
  /** Optimizer steps before this one. */
  readonly firstStep: number;
  readonly steps: number;
}
