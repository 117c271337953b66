import { startBackend } from "@convoy/core/engine";
import { isCoded, TfjsError } from "../../errors.ts";
import { register } from "../../mend/register.ts";
import { beatBetweenOperations } from "../beat_between_operations.ts";
import { buildCompiledModel } from "./build_compiled_model.ts";
import type { ModelModule } from "./model_module.ts";
import type { CompiledModelSpec } from "./compiled_model.ts";
import type { CompiledReplica, SampleSet, Shard } from "./compiled_replica.ts";
import { LayersReplica } from "./layers_replica.ts";

/**
 * Builds the model, and sees with one shard that it can be trained.
 *
 * @param beat called between any two operations of tfjs: a shard of a large model takes minutes, and shows so that it goes on
 * @throws what `buildCompiledModel` throws; `TAPE_RANDOM` and `TAPE_LAYER_UNSUPPORTED` for layers that cannot keep the
 *   same bits on any number of threads, or whose gradients tfjs does not have
 */
export async function createCompiledReplica(
  spec: CompiledModelSpec,
  module: ModelModule | undefined,
  data: SampleSet,
  trial: Shard,
  beat?: () => void,
): Promise<CompiledReplica> {
  const { tf } = await startBackend();
  register(tf);
  const { model, weights } = await buildCompiledModel(spec, module);
  const beginPass = beat === undefined ? undefined : beatBetweenOperations(tf, beat);
  const replica = new LayersReplica(tf, model, weights, spec, beginPass);
  try {
    await replica.try(data, trial, spec.state);
  } catch (cause) {
    if (isCoded(cause)) throw cause;
    throw new TfjsError("TAPE_LAYER_UNSUPPORTED", `tfjs cannot train this model: ${String(cause)}`, { cause });
  }
  return replica;
}
