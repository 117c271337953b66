import type { KernelVariant } from "../emit/linker.ts";
import type { PlanAlgorithm, PlanPhase } from "./plan_row.ts";

/** Changes whenever a rate does: docs/decisions/0003-plan-cost-table.md says where and when they were measured. */
export const planCostsVersion = 1;

/** GFLOP/s of one core, of the arithmetic that is executed. */
type Rates = Readonly<Record<Exclude<PlanAlgorithm, "skipped">, Readonly<Record<PlanPhase, number>>>>;

const rates: Readonly<Record<KernelVariant, Rates>> = {
  narrow: {
    direct: { forward: 40, "input gradient": 40, "weight gradient": 40 },
    "winograd F(2x2,3x3)": { forward: 40, "input gradient": 40, "weight gradient": 40 },
    routed: { forward: 40, "input gradient": 40, "weight gradient": 40 },
    pool: { forward: 1, "input gradient": 1, "weight gradient": 1 },
    elementwise: { forward: 1, "input gradient": 1, "weight gradient": 1 },
  },
  wide: {
    direct: { forward: 40, "input gradient": 40, "weight gradient": 40 },
    "winograd F(2x2,3x3)": { forward: 40, "input gradient": 40, "weight gradient": 40 },
    routed: { forward: 40, "input gradient": 40, "weight gradient": 40 },
    pool: { forward: 1, "input gradient": 1, "weight gradient": 1 },
    elementwise: { forward: 1, "input gradient": 1, "weight gradient": 1 },
  },
};

export function expectedMicroseconds(
  variant: KernelVariant,
  phase: PlanPhase,
  algorithm: PlanAlgorithm,
  executedFlops: number,
): number {
  return algorithm === "skipped" ? 0 : executedFlops / rates[variant][algorithm][phase] / 1000;
}
