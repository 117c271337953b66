import { createHash } from "node:crypto";
import * as binaries from "../../../generated/kernels.js";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import type { KernelVariant } from "../emit/module/linker.ts";
import { describePlan } from "../step/plan/describe_plan.ts";
import { stepModule } from "../step/step_module.ts";
import { verifiedNetworks } from "./verified_networks.ts";

/**
 * Raised when the bits of a step change without its plan and its WebAssembly doing so: when TypeScript calls kernels in another
 * order, or with other arguments. A test that pins the bits of some networks fails then, and says so.
 */
const order = 1;

/**
 * SHA-256 of all that decides the bits of a network's training step: the module that is emitted for it, the kernels that were
 * compiled ahead, and the plan. Comments and names in the sources do not. Takes some milliseconds, and starts no WebAssembly.
 *
 * @throws as `createReplica` does for a network that cannot be planned
 */
export function stepIdentity(model: SequentialConfig, kernels: KernelVariant): string {
  const hash = createHash("sha256").update(JSON.stringify({ order, kernels, ...binaries }));
  const plan = describePlan(model, kernels).map(({ layers, phase, algorithm }) => ({ layers, phase, algorithm }));
  return hash
    .update(JSON.stringify(plan))
    .update(stepModule({ kind: "planned", model, kernels }))
    .digest("hex");
}

/** The same of all networks that `verifyKernels` runs: a verdict on them holds as long as it is the same. */
export function kernelIdentity(): string {
  const hash = createHash("sha256");
  for (const config of Object.values(verifiedNetworks)) {
    for (const kernels of ["narrow", "wide"] as const) hash.update(stepIdentity(config, kernels));
  }
  return hash.digest("hex");
}
