import { Bench } from "tinybench";

export interface Measured {
  readonly name: string;
  /** Called for each sample. */
  readonly run: () => void;
  /** Called when the warm-up is over, before each round of samples. */
  readonly begin?: () => void;
}

/**
 * Samples of each task in milliseconds, in rounds: a, b, a, b, … A machine has slow minutes; taken one after the other,
 * one of the tasks would have them all.
 *
 * @param milliseconds of sampling for each task and round
 */
export function measure(
  tasks: readonly Measured[],
  { rounds, milliseconds, iterations = 1 }: { rounds: number; milliseconds: number; iterations?: number },
): Map<string, number[]> {
  const samples = new Map(tasks.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // V8 tiers the kernels up in the first round's warm-up; later ones only bring back the caches.
    const warmupTime = round === 0 ? milliseconds : milliseconds / 10;
    const bench = new Bench({
      time: milliseconds,
      iterations,
      warmupTime,
      warmupIterations: 1,
      retainSamples: true,
      throws: true,
    });
    for (const { name, run, begin } of tasks) {
      bench.add(name, run, {
        async: false,
        beforeAll(mode) {
          if (mode === "run") begin?.();
        },
      });
    }
    for (const { name, result } of bench.runSync()) {
      if (result.state !== "completed" || result.latency.samples === undefined) {
        throw new Error(`the benchmark of "${name}" ended without samples: ${result.state}`);
      }
      samples.get(name)!.push(...result.latency.samples);
    }
  }
  return samples;
}
