import { createHash } from "node:crypto";
import { version_wasm as wasm } from "@tensorflow/tfjs-backend-wasm";
import { version_core as core } from "@tensorflow/tfjs-core";
import { relaxed, simd } from "../../generated/tfjs_kernels.js";
import { importLayers } from "./import_layers.ts";

/** Raised when the bits of a step change though tfjs and the kernels do not: when TypeScript computes them in another way. */
const order = 1;

/**
 * SHA-256 of what decides the bits of a step through tfjs's tape, whatever the model: the versions of tfjs, and the kernels that
 * were compiled ahead. Comments and names in the sources do not.
 *
 * @throws `BACKEND_UNAVAILABLE` when tfjs-layers is not installed
 */
export async function tapeIdentity(): Promise<string> {
  const { version_layers: layers } = await importLayers();
  return createHash("sha256").update(JSON.stringify({ order, wasm, core, layers, relaxed, simd })).digest("hex");
}
