import { startBackend } from "../src/backend/start.ts";
import { registerKernels } from "../src/kernels/register.ts";

/** tfjs on backend 'wasm', with our kernels and the gradients that tfjs-layers registers. */
export async function tensorflow(): Promise<typeof import("@tensorflow/tfjs-core")> {
  const backend = await startBackend();
  await import("@tensorflow/tfjs-layers");
  registerKernels(backend);
  return backend.tf;
}
