import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import { slice } from "../indexing/slice.ts";
import type { Inputs, KernelContext, KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { identity } from "../types/identity.ts";

/** The backend keeps strings outside its memory. */
interface StringData {
  readonly dataIdMap: { get(dataId: DataId): { stringBytes?: Uint8Array[] } };
}

const stringsOf = ({ backend }: KernelContext, { dataId }: TensorInfo): { stringBytes?: Uint8Array[] } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- which its types leave out
  (backend as unknown as StringData).dataIdMap.get(dataId);

/** An operation that moves values without looking at them: done with their places, of which the strings are taken. */
function moved(kernelName: string, input = "x"): TfjsKernel {
  return (context, inputs, attributes) => {
    const from = stringsOf(context, inputs[input]).stringBytes ?? [];
    const places = context.output(inputs[input].shape, "int32");
    context.backend.typedArrayFromHeap(places).set([...from.keys()]);
    const found = context.run(kernelName, { ...inputs, [input]: places }, attributes);
    const y = context.output(found.shape, "string");
    stringsOf(context, y).stringBytes = Array.from(context.backend.typedArrayFromHeap(found), (place) => from[place]);
    context.release(places);
    context.release(found);
    return y;
  };
}

/** Kernels of ours for strings; without one, strings get the stock kernel. */
export const stringKernels: KernelFamily = {
  GatherNd: moved("GatherNd", "params"),
  Identity: identity,
  Slice: slice,
  StridedSlice: moved("StridedSlice"),
  Tile: moved("Tile"),
};

export function hasStrings(inputs: Inputs): boolean {
  for (const name in inputs) {
    // Optional inputs may be undefined.
    if ((inputs[name] as TensorInfo | undefined)?.dtype === "string") return true;
  }
  return false;
}
