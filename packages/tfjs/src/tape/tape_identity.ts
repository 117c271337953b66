import { createHash } from "node:crypto";
import { version_wasm as wasm } from "@tensorflow/tfjs-backend-wasm";
import { version_core as core } from "@tensorflow/tfjs-core";
import { relaxed, simd } from "../../generated/tfjs_kernels.js";
import { version_layers as layers } from "@tensorflow/tfjs-layers";

/** Raised when the bits of a step change though tfjs and the kernels do not: when TypeScript computes them in another way. */
const order = 1;

/**
 * SHA-256 of what decides the bits of a step through tfjs's tape, whatever the model: the versions of tfjs, and the kernels that
 * were compiled ahead. Comments and names in the sources do not.
 */
export function tapeIdentity(): string {
  return createHash("sha256").update(JSON.stringify({ order, wasm, core, layers, relaxed, simd })).digest("hex");
}
