import { setTimeout as pause } from "node:timers/promises";
import type { KernelVariant } from "../emit/linker.ts";
import type { Sequential } from "../model/sequential.ts";
import { createReplica } from "../step/create_replica.ts";
import { differences } from "./differences.ts";
import { verificationCase } from "./verification_case.ts";
import { verifiedNetworks } from "./verified_networks.ts";
import { verifyTensorFlow } from "./verify_tensorflow.ts";

/**
 * Runs the whole training step of a few small networks, often enough for V8 to compile every kernel with its optimizing
 * compiler, and compares each gradient, loss and prediction with a reference in plain JavaScript and float64. Also runs
 * the tfjs binary, because V8's flags are the process's and change its code as well.
 *
 * It takes about two seconds. No kernel is compiled before it is called, so a process that sets a V8 flag first learns
 * whether this engine compiles them rightly under it. A compiler that fails may end the process: ask in a child.
 *
 * @param variant which kernels
 * @param rounds training steps of each network, from 1. Default: 400, after which V8 14.6 had tiered up all of the
 *   networks' own functions
 * @returns the disagreements, a line each; none is good
 */
export async function verifyKernels(variant: KernelVariant, rounds = 400): Promise<string[]> {
  const found: string[] = [];
  for (const [name, build] of Object.entries(verifiedNetworks)) {
    for (const difference of await verifyNetwork(build(), variant, rounds)) {
      found.push(`${variant} kernels, network ${name}, ${difference}`);
    }
  }
  return [...found, ...(await verifyTensorFlow(rounds))];
}

/** @returns the disagreements of the first step that has any */
async function verifyNetwork(model: Sequential, variant: KernelVariant, rounds: number): Promise<string[]> {
  const { weights, part, images, expected } = verificationCase(model);
  const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels: variant }, images);
  const count = model.parameterCount;
  const out = new Float32Array(count + 2);
  const gradient = out.subarray(0, count);
  const logits = new Float32Array(images * model.classes);
  try {
    for (let round = 1; round <= rounds; round++) {
      replica.load(weights);
      replica.gradient(part, out.fill(NaN));
      replica.predict(part.store, 0, images, logits.fill(NaN));
      const got = { gradient, loss: out[count], correct: out[count + 1], logits };
      const found = differences(got, expected, model.parameters);
      if (found.length > 0) return found.map((difference) => `step ${round}: ${difference}`);
      // The optimizing compiler works in other threads, which one processor alone would not let run.
      if (round % 50 === 0) await pause(5);
    }
    return [];
  } finally {
    replica.dispose();
  }
}
