import { panelsOf, type PanelVectors, registersOf } from "../../emit/tiles/tiling.ts";

// What an algorithm takes is counted in steps: multiply-adds of a register in a kernel that runs at its full rate.

/**
 * Steps of a panel that is one register wide: it loads a value for each multiply-add. Measured, see
 * docs/decisions/0005-scattered-input-gradient.md.
 */
const singleRegister = 1.4;

/** Steps that a value takes with all channels, panel by panel. */
export function panelSteps(channels: number, panelVectors: PanelVectors): number {
  let steps = 0;
  for (const { count, vectors } of panelsOf(channels, panelVectors)) {
    const registers = registersOf(vectors, panelVectors);
    steps += count * (registers === 1 ? singleRegister : registers);
  }
  return steps;
}
