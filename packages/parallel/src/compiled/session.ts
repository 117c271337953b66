import { instantiateSharedKernels, type SharedKernels } from "@convoy/core/replica";
import { createCompiledReplica, type CompiledReplica, type ModelModule, type Shard } from "@convoy/core/tape";
import { split } from "../plan/split.ts";
import type { CompiledRun, SharingTask } from "./task.ts";

/** Wraps the replica of one worker. */
export type CompiledReplicaWrapper = (replica: CompiledReplica, worker: number, data: unknown) => CompiledReplica;

interface Session {
  readonly id: string;
  readonly replica: CompiledReplica;
  kernels: SharedKernels | undefined;
}

let open: Session | undefined;

/** This thread's copy of the model: made at the first task, kept until a task of another run comes. */
export async function compiledReplica(run: CompiledRun, worker: number): Promise<CompiledReplica> {
  if (open?.id !== run.id) {
    open?.replica.dispose();
    open = undefined;
    const module = run.modelModule === undefined ? undefined : ((await import(run.modelModule)) as ModelModule);
    const replica = await createCompiledReplica(run.spec, module, run.data, firstShard(run));
    open = { id: run.id, replica, kernels: undefined };
  }
  const { replica } = open;
  if (run.replicaWrapper === undefined) return replica;
  const { default: wrap }: { default: CompiledReplicaWrapper } = await import(run.replicaWrapper.module);
  return wrap(replica, worker, run.replicaWrapper.data);
}

/** The kernels over the memory of a run whose model this thread has. */
export function sharedKernels({ memory }: SharingTask): SharedKernels {
  const kernels = open?.kernels ?? instantiateSharedKernels(memory);
  if (open !== undefined) open.kernels = kernels;
  return kernels;
}

/** What every thread tries the model with. */
export function firstShard({ data, batchSize, plan, seed }: CompiledRun): Shard {
  const minibatchSize = Math.min(batchSize, data.count);
  const [size] = split(minibatchSize, plan.shards);
  return { samples: [...Array(size).keys()], minibatchSize, first: true, seed, step: 0 };
}
