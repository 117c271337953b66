import { instantiateSharedKernels, type Replica, type SharedKernels } from "@convoy/core/replica";
import { createReplica } from "@convoy/tfjs/replica";
import { showLife } from "./life.ts";
import type { Run, RunStart } from "./task.ts";

/** What a thread keeps of a run from task to task. */
export interface Session {
  readonly run: Run;
  readonly replica: Replica;
  readonly kernels: SharedKernels;
  readonly control: Int32Array;
  readonly parameters: readonly [Float32Array, Float32Array];
  readonly sums: readonly Float32Array[];
  /** The order of the epoch's samples. */
  readonly order: Int32Array;
}

/** Wraps the replica of one worker, for one task; it may also change the session's other parts. */
export type ReplicaWrapper = (session: Session, worker: number, data: unknown) => Replica;

let planned: { readonly id: string; readonly replica: Replica } | undefined;
let open: Session | undefined;

/** This thread's replica of a run: made once, and kept until a task of another run comes. */
export async function planReplica({ id, spec, capacity }: RunStart): Promise<Replica> {
  if (planned?.id === id) return planned.replica;
  planned?.replica.dispose();
  planned = undefined;
  open = undefined;
  const replica = await createReplica(spec, capacity, undefined, showLife);
  planned = { id, replica };
  return replica;
}

/** This thread's part of a run: made at the first task, kept until a task of another run comes. */
export async function openSession(run: Run): Promise<Session> {
  if (open?.run.id === run.id) return open;
  const replica = await planReplica(run);
  const { memory, layout, store } = run;
  open = {
    run,
    replica,
    kernels: instantiateSharedKernels(memory),
    control: new Int32Array(memory.buffer),
    parameters: [
      new Float32Array(memory.buffer, layout.parameters[0], layout.parameterCount),
      new Float32Array(memory.buffer, layout.parameters[1], layout.parameterCount),
    ],
    sums: layout.sums.map((address) => new Float32Array(memory.buffer, address, layout.parameterCount + 2)),
    order: new Int32Array(store.count),
  };
  return open;
}

/** The session's replica as one worker uses it. */
export async function replicaOf(session: Session, worker: number): Promise<Replica> {
  const { run, replica } = session;
  if (run.replicaWrapper === undefined) return replica;
  const { default: wrap }: { default: ReplicaWrapper } = await import(run.replicaWrapper.module);
  return wrap(session, worker, run.replicaWrapper.data);
}
