import { CoreError } from "../../errors.ts";
import { checkCheckpoint } from "./check_checkpoint.ts";
import {
  bestTensorName,
  type Checkpoint,
  checkpointKeys as keys,
  formatVersion,
  stateTensorName,
} from "./checkpoint.ts";
import { stateOf } from "../../network/optimizers/optimizers.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { modelKey, modelText } from "../model/network_metadata.ts";
import { quoted } from "../../network/printable.ts";
import type { NamedTensor } from "../safetensors/safetensors.ts";
import { settingsJson, settingsSha256 } from "./settings_sha256.ts";
import { elements } from "../safetensors/tensor_shape.ts";

/**
 * Lays a checkpoint out as one safetensors file: the weights under their own names, then each vector of optimizer state
 * under "optimizer.<vector>/<name>", the best weights under "best/<name>", and everything else as text in the metadata, with
 * the SHA-256 of the whole file.
 *
 * @throws `CHECKPOINT_STATE` when vectors do not fit the parameters or the optimizer; `CHECKPOINT_PROGRESS` for
 *   impossible counts; `CHECKPOINT_SETTINGS` for impossible settings; `CHECKPOINT_METADATA` for a taken key; what
 *   `encodeSafetensors` throws
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { model, optimizer, settings, best, metadata = {} } = checkpoint;
  checkCheckpoint(checkpoint);
  const taken = Object.keys(metadata).find((key) => key.startsWith("convoy."));
  if (taken !== undefined) {
    throw new CoreError("CHECKPOINT_METADATA", `metadata ${quoted(taken)} begins with "convoy."; use another key.`);
  }
  const { loss, correct, recentLoss } = checkpoint.metrics;
  const text: Record<string, string> = {
    ...metadata,
    [keys.format]: String(formatVersion),
    [keys.epoch]: String(checkpoint.epoch),
    [keys.step]: String(checkpoint.step),
    [keys.samplerPosition]: String(checkpoint.samplerPosition),
    [keys.seed]: String(checkpoint.seed),
    [keys.metrics]: JSON.stringify({ loss, correct, recentLoss }),
    [keys.optimizer]: JSON.stringify(optimizer),
    [keys.settings]: settingsJson(settings),
    [keys.settingsSha256]: settingsSha256(settings),
  };
  if (best !== undefined) {
    const { epoch, step, loss: bestLoss, correct: bestCorrect, total } = best;
    text[keys.best] = JSON.stringify({ epoch, step, loss: bestLoss, correct: bestCorrect, total });
  }
  if (model !== undefined) text[modelKey] = modelText(model);
  return encodeSafetensors({ tensors: tensorsOf(checkpoint), metadata: text, sealed: true });
}

function tensorsOf({ parameters, weights, optimizer, optimizerState, best }: Checkpoint): NamedTensor[] {
  const tensors: NamedTensor[] = [];
  const add = (flat: Float32Array, nameOf: (name: string) => string): void => {
    let offset = 0;
    for (const { name, shape } of parameters) {
      const size = elements(shape) ?? 0;
      tensors.push({ name: nameOf(name), shape, data: flat.subarray(offset, offset + size) });
      offset += size;
    }
  };
  add(weights, (name) => name);
  const vectors = stateOf(optimizer);
  for (const [i, flat] of optimizerState.entries()) {
    add(flat, (name) => stateTensorName(vectors[i], name));
  }
  if (best !== undefined) add(best.weights, bestTensorName);
  return tensors;
}
