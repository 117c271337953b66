import type { KernelVariant, PlanRow } from "@convoy/core/training";
import { grouped } from "@convoy/parallel/progress";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { programName } from "../program_name.ts";

const note =
  "Of one image. FLOPs: of a plain loop, a multiply-add as two; executed: what is done instead, with the lanes that vectors " +
  "waste. A routed gradient visits the winners of the pools alone, behind a relu half of them, as is expected. Times come " +
  `from a table of rates measured on one machine; ${programName} profile measures here.`;

/** How a training step computes a network, as a table. */
export function planLines(plan: readonly PlanRow[], kernels: KernelVariant, columns: number): string[] {
  const rows = plan.map((row, i) => {
    const { layers, phase, algorithm, flops, executedFlops, microseconds } = row;
    const repeated = i > 0 && plan[i - 1].layers[0] === layers[0];
    const name = repeated ? "" : layers.join(" + ");
    return [name, phase, algorithm, grouped(flops), grouped(executedFlops), microseconds.toFixed(2)];
  });
  const total = (field: "flops" | "executedFlops" | "microseconds"): number =>
    plan.reduce((sum, row) => sum + row[field], 0);
  const sums = [grouped(total("flops")), grouped(total("executedFlops")), total("microseconds").toFixed(2)];
  return [
    `Training step with ${kernels} kernels`,
    "",
    ...table(
      [
        { title: "layers" },
        { title: "phase" },
        { title: "algorithm" },
        { title: "FLOPs", numeric: true },
        { title: "executed", numeric: true },
        { title: "expected µs", numeric: true },
      ],
      [...rows, ["all", "", "", ...sums]],
    ),
    "",
    ...wrap(note, columns),
  ];
}
