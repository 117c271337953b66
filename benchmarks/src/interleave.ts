import { median } from "./statistics.ts";

export interface Interleaved {
  /** All samples of each setting. */
  readonly samples: ReadonlyMap<number, readonly number[]>;
  /** For each setting but the first: one ratio a round, its median over the first setting's median in that round. */
  readonly ratios: ReadonlyMap<number, readonly number[]>;
}

/** Measures one setting: some samples. */
export type Run = (setting: number) => Promise<readonly number[]>;

/**
 * Runs the settings in turns, a, b, a, b, …, and compares each run with the one beside it: a slow minute of the machine
 * meets both, and leaves their ratio alone.
 */
export async function interleave(settings: readonly number[], rounds: number, run: Run): Promise<Interleaved> {
  const [only] = await interleaveRuns(settings, rounds, [run]);
  return only;
}

/** The same with several things to measure, which take turns too: each is compared with itself. */
export async function interleaveRuns(
  settings: readonly number[],
  rounds: number,
  runs: readonly Run[],
): Promise<Interleaved[]> {
  const [first, ...others] = settings;
  const results = runs.map(() => ({
    samples: new Map(settings.map((setting): [number, number[]] => [setting, []])),
    ratios: new Map(others.map((setting): [number, number[]] => [setting, []])),
    reference: 0,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const setting of settings) {
      for (const [i, run] of runs.entries()) {
        const result = results[i];
        const measured = await run(setting);
        result.samples.get(setting)!.push(...measured);
        if (setting === first) result.reference = median(measured);
        else result.ratios.get(setting)!.push(median(measured) / result.reference);
      }
    }
  }
  return results;
}
