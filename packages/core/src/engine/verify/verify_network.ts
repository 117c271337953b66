import { setTimeout as pause } from "node:timers/promises";
import type { KernelVariant } from "../emit/module/linker.ts";
import { buildNetwork } from "../../network/build_network.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { createPlannedReplica } from "../step/planned_replica.ts";
import { differences } from "./differences.ts";
import { networkStructure } from "./network_structure.ts";
import { type VerificationCase, verificationCase } from "./verification_case.ts";

/** What the reference works off in about a second, in forward FLOPs; it computes training steps, and some twice. */
const workOfSecond = 2e8;

/** The work of an image beyond which the reference would be too slow for a training step. */
const mostWorkOfStep = 6e8;

/** A parameter's float64s are fresh memory for each image, which takes as long as so many FLOPs. */
const flopsOfParameter = 16;

/**
 * Runs the training step and the prediction of a network with its very own kernels, and compares each gradient, loss and
 * prediction with a reference in plain JavaScript and float64. Every later step also has to repeat the first one's bits:
 * the two compilers of an engine round alike, so the smallest change by the optimizing one shows.
 *
 * The weights are not the network's: the verdict is about its structure (`networkStructure`). Nine different images are
 * compared; with large networks fewer, and with the largest, beyond 600 MFLOP for an image, the prediction alone.
 *
 * No kernel is compiled before it is called, so a process that sets a V8 flag first learns whether this engine compiles
 * the network rightly under it. A compiler that fails may end the process: ask in a child.
 *
 * @param rounds training steps that are compared, from 1. Default 2, which is enough where V8 optimizes at once and waits
 *   for it (`--wasm-tiering-budget=1000 --wasm-sync-tier-up`)
 * @param onPart told how many of the parts are done, before each of them: the reference, and each step
 * @returns the disagreements, a line each; none is good
 */
export async function verifyNetwork(
  config: SequentialConfig,
  variant: KernelVariant,
  rounds = 2,
  onPart?: (done: number, parts: number) => void,
): Promise<string[]> {
  onPart?.(0, rounds + 1);
  const structure = networkStructure(config);
  const { layers, parameterCount } = buildNetwork(structure);
  const work = layers.reduce((sum, layer) => sum + layer.flops, parameterCount * flopsOfParameter);
  const different = Math.max(1, Math.min(9, Math.floor(workOfSecond / work)));
  const onRound = (round: number): void => onPart?.(round, rounds + 1);
  const prepared = verificationCase(structure, different, work <= mostWorkOfStep);
  return verifySteps(structure, prepared, variant, rounds, onRound);
}

/** @returns the disagreements of the first step that has any */
export async function verifySteps(
  model: SequentialConfig,
  { weights, part, images, expected }: VerificationCase,
  variant: KernelVariant,
  rounds: number,
  onRound?: (round: number) => void,
): Promise<string[]> {
  const spec = { kind: "planned", model, kernels: variant } as const;
  let replica = await createPlannedReplica(spec, images);
  const { parameters: specs, parameterCount: count, classes } = buildNetwork(model);
  const numbers = new Float32Array(count + 2 + images * classes);
  const out = numbers.subarray(0, count + 2);
  const gradient = out.subarray(0, count);
  const logits = numbers.subarray(count + 2);
  const bits = Buffer.from(numbers.buffer);
  const run = (parameters: Float32Array): void => {
    replica.load(parameters);
    replica.gradient(part, out.fill(NaN));
    replica.predict(part.store, 0, images, logits.fill(NaN));
  };
  const others = weights.map((weight) => -weight);
  let first: Buffer | undefined;
  try {
    for (let round = 1; round <= rounds; round++) {
      onRound?.(round);
      if (round === 2) {
        // What a kernel leaves out once it is optimized must not lie in memory, right, from the step before.
        replica.dispose();
        replica = await createPlannedReplica(spec, images);
      }
      if (round > 1) run(others);
      run(weights);
      const got = { gradient, loss: out[count], correct: out[count + 1], logits };
      const found = differences(got, expected, specs);
      if (found.length > 0) return found.map((difference) => `step ${round}: ${difference}`);
      first ??= Buffer.from(bits);
      if (!bits.equals(first)) return [`step ${round}: it has other bits than step 1, which was the same`];
      // The optimizing compiler works in other threads, which one processor alone would not let run.
      if (round % 25 === 0) await pause(5);
    }
    return [];
  } finally {
    replica.dispose();
  }
}
