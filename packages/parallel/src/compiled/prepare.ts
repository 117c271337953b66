import type { CompiledReplica } from "@convoy/tfjs/tape";
import { Barrier } from "../control/barrier.ts";
import { showLifeBy } from "../worker/life.ts";
import { compiledReplica, firstShard } from "./session.ts";
import type { CompiledTask, Preparation } from "./task.ts";

/**
 * The first task of a thread: builds the model and computes one shard that nobody uses. What cannot be trained is a
 * result, no fault: main refuses it by its own code.
 */
export async function prepare({ run, worker }: CompiledTask): Promise<Preparation> {
  const barrier = new Barrier(run.control, run.plan.workers, worker);
  showLifeBy(() => barrier.beat());
  let replica: CompiledReplica;
  try {
    replica = await compiledReplica(run);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || !String(error.code).startsWith("TAPE_")) throw error;
    const code = String(error.code);
    return { refusal: { code, message: error.message.slice(code.length + 2) } };
  }
  const { values, changing, gradients, statistics, slots } = replica;
  const start = performance.now();
  const vector = new Float32Array(gradients + statistics + values.length);
  replica.shard(run.data, firstShard(run), vector);
  const milliseconds = performance.now() - start;
  return { description: { values, changing, gradients, statistics, slots }, milliseconds };
}
