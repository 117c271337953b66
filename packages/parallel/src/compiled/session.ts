import { instantiateSharedKernels, type SharedKernels } from "@convoy/core/replica";
import { createCompiledReplica, type CompiledReplica, type ModelModule, type Shard } from "@convoy/tfjs/tape";
import { sideAfter } from "../control/whole_steps.ts";
import { words } from "../control/words.ts";
import { split } from "../plan/split.ts";
import { showLife } from "../worker/life.ts";
import type { CompiledRun, SharingTask } from "./task.ts";

/** What a task works with, once memory is laid out. */
export interface CompiledSession {
  readonly run: CompiledRun;
  readonly replica: CompiledReplica;
  /** Over the memory of the run. */
  readonly kernels: SharedKernels;
}

/** Wraps the replica of one worker, for one task; it may also change the session's other parts. */
export type CompiledReplicaWrapper = (session: CompiledSession, worker: number, data: unknown) => CompiledReplica;

/** What a thread keeps of a run from task to task. */
interface OpenModel {
  readonly id: string;
  readonly replica: CompiledReplica;
  kernels: SharedKernels | undefined;
  /** Optimizer steps of the run that this copy of the model has taken: the last 32 bits of their number. */
  steps: number;
}

let open: OpenModel | undefined;

/** This thread's copy of the model: made at the first task, kept until a task of another run comes. */
async function openModel(run: CompiledRun): Promise<OpenModel> {
  if (open?.id === run.id) return open;
  open?.replica.dispose();
  open = undefined;
  const module = run.modelModule === undefined ? undefined : ((await import(run.modelModule)) as ModelModule);
  const replica = await createCompiledReplica(run.spec, module, run.data, firstShard(run), showLife);
  open = { id: run.id, replica, kernels: undefined, steps: 0 };
  return open;
}

export async function compiledReplica(run: CompiledRun): Promise<CompiledReplica> {
  return (await openModel(run)).replica;
}

/** The copy of the model as it is after the last whole step: a fresh thread reads what the others had published. */
export async function openCompiledSession(task: SharingTask): Promise<CompiledSession> {
  const { run, worker, memory } = task;
  const model = await openModel(run);
  await catchUp(model, task);
  model.kernels ??= instantiateSharedKernels(memory);
  const session = { run, replica: model.replica, kernels: model.kernels };
  if (run.replicaWrapper === undefined) return session;
  const { default: wrap }: { default: CompiledReplicaWrapper } = await import(run.replicaWrapper.module);
  const replica = wrap(session, worker, run.replicaWrapper.data);
  return { ...session, replica };
}

/** To be called by each worker after each step: its copy of the model need not be read again. */
export function countStep(steps: number): void {
  if (open !== undefined) open.steps = steps | 0;
}

async function catchUp(model: OpenModel, { run, memory, layout }: SharingTask): Promise<void> {
  // No step becomes whole without this worker, so all read the same.
  const steps = Atomics.load(run.control, words.committed);
  if (model.steps === steps) return;
  const { weights, weightCount, state, stateCount, stateSteps } = layout;
  const side = sideAfter(run.control);
  await model.replica.restore(
    new Float32Array(memory.buffer, weights[side], weightCount),
    new Int32Array(memory.buffer, stateSteps[side], 1)[0],
    new Float32Array(memory.buffer, state[side], stateCount),
  );
  model.steps = steps;
}

/** What every thread tries the model with. */
export function firstShard({ data, batchSize, plan, seed }: CompiledRun): Shard {
  const minibatchSize = Math.min(batchSize, data.count);
  const [size] = split(minibatchSize, plan.shards);
  return { samples: [...Array(size).keys()], minibatchSize, first: true, seed, step: 0 };
}
