import { CoreError } from "../../errors.ts";
import { quoted } from "../../network/printable.ts";
import { valuesOf } from "../safetensors/safetensors.ts";
import type { HeaderEntry } from "../safetensors/safetensors_header.ts";
import { isReadType, readTypes } from "../safetensors/tensor_types.ts";

/**
 * The values of a tensor that a network is to have.
 *
 * @param data of the file
 * @throws `CHECKPOINT_DTYPE` for a type that is no weight's; `CHECKPOINT_VALUE` for a number that float32 cannot hold
 */
export function weightsIn(data: Uint8Array, entry: HeaderEntry, file: string): Float32Array {
  const { name, dtype, begin } = entry;
  if (!isReadType(dtype)) {
    throw new CoreError(
      "CHECKPOINT_DTYPE",
      `tensor ${quoted(name)} of ${file} is ${quoted(dtype)}; weights are read from ${readTypes}. ` +
        `Convert it to float32 in the program that wrote it.`,
    );
  }
  const values = valuesOf(data, entry);
  if (dtype !== "F64") return values;
  const view = new DataView(data.buffer, data.byteOffset + begin);
  const tooLarge = values.findIndex((value, i) => !Number.isFinite(value) && isFinite(view.getFloat64(8 * i, true)));
  if (tooLarge === -1) return values;
  throw new CoreError(
    "CHECKPOINT_VALUE",
    `tensor ${quoted(name)} of ${file} has a weight of ${view.getFloat64(8 * tooLarge, true)}, more than float32 can hold. ` +
      `Look for what went wrong where it was trained.`,
  );
}
