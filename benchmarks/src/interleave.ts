import { median } from "./statistics.ts";

export interface Interleaved {
  /** All samples of each setting. */
  readonly samples: ReadonlyMap<number, readonly number[]>;
  /** For each setting but the first: one ratio a round, its median over the first setting's median in that round. */
  readonly ratios: ReadonlyMap<number, readonly number[]>;
}

/**
 * Runs the settings in turns, a, b, a, b, …, and compares each run with the one beside it: a slow minute of the machine
 * meets both, and leaves their ratio alone.
 */
export async function interleave(
  settings: readonly number[],
  rounds: number,
  run: (setting: number) => Promise<readonly number[]>,
): Promise<Interleaved> {
  const [first, ...others] = settings;
  const samples = new Map(settings.map((setting): [number, number[]] => [setting, []]));
  const ratios = new Map(others.map((setting): [number, number[]] => [setting, []]));
  for (let round = 0; round < rounds; round++) {
    let reference = 0;
    for (const setting of settings) {
      const measured = await run(setting);
      samples.get(setting)!.push(...measured);
      if (setting === first) reference = median(measured);
      else ratios.get(setting)!.push(median(measured) / reference);
    }
  }
  return { samples, ratios };
}
