import { createReplica, type OperationPart } from "@convoy/core/training";
import { measure } from "./measure.ts";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import { advance, minibatch, type Workload } from "./workload.ts";

const batchSize = 64;
const wholeStep = "whole step";
const rest = "gather, loss, sum of shards, copies";

/** What the parts of an operation are called in the table, in its order. */
const partNames: Readonly<Record<OperationPart, string>> = {
  pack: "pack weights",
  forward: "forward",
  backwardInput: "backward, input",
  backwardWeights: "backward, weights",
};

/**
 * The parts of the planned step, timed inside the whole step, so that each finds the caches as it does in training.
 *
 * GFLOP/s count what a dense, direct computation would do: a multiply-add as two, the backward pass as twice the forward
 * one, or once for the first layer, which needs no input gradient. Kernels that skip zeros or need fewer multiplications
 * do less, and seem faster. The rate of a backward pass is given for its two parts together.
 */
export async function benchmarkKernels(workload: Workload): Promise<Row[]> {
  const { model, kernels } = workload;
  const laps = new Laps();
  const replica = await createReplica(
    { kind: "planned", model: model.toJSON(), kernels },
    batchSize,
    (operation, part, time) => {
      laps.add(`${operation}: ${partNames[part]}`, time);
      if (part.startsWith("backward")) laps.add(`${operation}: backward`, time);
      laps.add(rest, -time);
    },
  );
  const parameters = model.getWeights();
  const out = new Float32Array(replica.parameterCount + 2);
  const part = minibatch(workload, batchSize);
  const run = (): void => {
    const start = performance.now();
    replica.load(parameters);
    replica.gradient(part, out);
    const time = performance.now() - start;
    laps.add(rest, time);
    laps.add(wholeStep, time);
    laps.end();
    advance(part);
  };
  measure([{ name: wholeStep, run, begin: () => laps.clear() }], { rounds: 1, milliseconds: 4000 });
  replica.dispose();

  const trained = model.layers.filter((layer) => layer.parameters.length > 0);
  const names = trained.flatMap(({ name }) =>
    [...Object.values(partNames), "backward"].map((partName) => `${name}: ${partName}`),
  );
  const flops = new Map(
    trained.flatMap(({ name, flops: forward }, i): [string, number][] => [
      [`${name}: forward`, forward],
      [`${name}: backward`, i === 0 ? forward : 2 * forward],
    ]),
  );
  const rows: Row[] = [];
  for (const name of [...names, rest, wholeStep]) {
    const microseconds = laps.samples(name).map((milliseconds) => (milliseconds * 1000) / batchSize);
    const summary = summarize(microseconds);
    const count = flops.get(name);
    const rate = count === undefined ? {} : { gigaflopsPerSecond: count / summary.median / 1000 };
    rows.push({ name, unit: "µs/image", ...summary, ...rate, batchSize });
  }
  return rows;
}

/** Sums what each part of a step took, and keeps the sums of all steps. */
class Laps {
  readonly #step = new Map<string, number>();
  readonly #steps = new Map<string, number[]>();

  add(name: string, milliseconds: number): void {
    this.#step.set(name, (this.#step.get(name) ?? 0) + milliseconds);
  }

  end(): void {
    for (const [name, milliseconds] of this.#step) {
      const list = this.#steps.get(name);
      if (list === undefined) this.#steps.set(name, [milliseconds]);
      else list.push(milliseconds);
    }
    this.#step.clear();
  }

  clear(): void {
    this.#step.clear();
    this.#steps.clear();
  }

  samples(name: string): readonly number[] {
    return this.#steps.get(name) ?? [];
  }
}
