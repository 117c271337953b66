import type { KernelVariant } from "../../emit/module/linker.ts";
import type { PlanAlgorithm, PlanPhase } from "./plan_row.ts";

/** Changes whenever a rate does. */
export const planCostsVersion = 4;

/** Only the pairs that a plan can have. */
type Rates = Readonly<Record<Exclude<PlanAlgorithm, "skipped">, Readonly<Partial<Record<PlanPhase, number>>>>>;

const elementwise = { forward: 1.5, "input gradient": 1.4 };

/**
 * GFLOP/s of one core, of the arithmetic that is executed; for passes over memory, values touched in a nanosecond.
 *
 * Source: measured, see docs/decisions/0003-plan-cost-table.md
 */
const rates: Readonly<Record<KernelVariant, Rates>> = {
  narrow: {
    direct: { forward: 43, "input gradient": 45, "weight gradient": 38 },
    windows: { forward: 45, "weight gradient": 44 },
    "winograd F(2x2,3x3)": { forward: 37, "input gradient": 33 },
    "winograd F(4x4,3x3)": { forward: 37, "input gradient": 33 },
    "winograd F(3x3,4x4)": { "weight gradient": 33 },
    scattered: { "input gradient": 52 },
    routed: { "input gradient": 17, "weight gradient": 19 },
    unpooled: {},
    pool: { forward: 8.4, "input gradient": 6.6 },
    elementwise,
  },
  wide: {
    direct: { forward: 75, "input gradient": 75, "weight gradient": 62 },
    windows: { forward: 92, "weight gradient": 81 },
    "winograd F(2x2,3x3)": { forward: 60, "input gradient": 50 },
    "winograd F(4x4,3x3)": { forward: 60, "input gradient": 50 },
    "winograd F(3x3,4x4)": { "weight gradient": 60 },
    scattered: { "input gradient": 98 },
    routed: { "input gradient": 26, "weight gradient": 30 },
    unpooled: { "weight gradient": 94 },
    pool: { forward: 11, "input gradient": 7.5 },
    elementwise,
  },
};

/** Of one image and one core; nothing is decided by it. */
export function expectedMicroseconds(
  variant: KernelVariant,
  phase: PlanPhase,
  algorithm: PlanAlgorithm,
  executedFlops: number,
): number {
  const rate = algorithm === "skipped" ? undefined : rates[variant][algorithm][phase];
  return rate === undefined ? 0 : executedFlops / rate / 1000;
}
