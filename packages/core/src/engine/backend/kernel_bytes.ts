import * as embedded from "../../../generated/kernels.js";
import { fromBase64 } from "./from_base64.ts";

/** `replica` runs in the tfjs backend's own memory, `shared` in the memory that all workers share. */
export type KernelModule = "replica" | "shared";

/** Kernels that were compiled ahead: part of the program, so that a bundle needs no file beside it. */
export function kernelBytes(name: KernelModule): Uint8Array<ArrayBuffer> {
  return fromBase64(embedded[name]);
}
