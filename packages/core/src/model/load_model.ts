import { Sequential } from "./sequential.ts";

/**
 * Reads network and weights from a file that `saveModel` wrote, or from a checkpoint with a network.
 *
 * @throws `CHECKPOINT_MISSING`, `CHECKPOINT_NOT_A_FILE` or `CHECKPOINT_READ` when the file cannot be read; the codes of
 *   `decodeSafetensors` when it is damaged; `CHECKPOINT_MODEL` when it holds no network; `CHECKPOINT_TENSORS` when its
 *   tensors are not those of the network
 */
export async function loadModel(file: string): Promise<Sequential> {
  return Sequential.load(file);
}
