import type { KernelVariant } from "../emit/module/linker.ts";
import { verificationCase } from "./verification_case.ts";
import { verifiedNetworks } from "./verified_networks.ts";
import { verifySteps } from "./verify_network.ts";
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
 * @param rounds training steps of each network that are compared, from 1; between them are others, with other weights.
 *   Default: 200, after which V8 14.6 had tiered up all of the networks' own functions
 * @param onPart told how many of the parts are done, before each of them
 * @returns the disagreements, a line each; none is good
 */
export async function verifyKernels(
  variant: KernelVariant,
  rounds = 200,
  onPart?: (done: number, parts: number) => void,
): Promise<string[]> {
  const found: string[] = [];
  const networks = Object.entries(verifiedNetworks);
  for (const [i, [name, config]] of networks.entries()) {
    onPart?.(i, networks.length + 1);
    for (const difference of await verifySteps(config, verificationCase(config), variant, rounds)) {
      found.push(`${variant} kernels, network ${name}, ${difference}`);
    }
  }
  onPart?.(networks.length, networks.length + 1);
  return [...found, ...(await verifyTensorFlow(rounds))];
}
