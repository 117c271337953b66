import { applyOptimizer, stateCount, type OptimizerSlice } from "@convoy/core/replica";
import type { Session } from "./session.ts";

type Step = { -readonly [Field in keyof OptimizerSlice]: OptimizerSlice[Field] };

/** One worker's slice of the flat vector: sums it over the shards, checks it, and takes the optimizer step on it. */
export class Reducer {
  readonly #session: Session;
  readonly #floats: number;
  readonly #targets: readonly number[];
  readonly #sources: readonly number[];
  readonly #total: number;
  /** The step that reads parameters A, and the one that reads B. */
  readonly #steps: readonly [Step, Step];
  readonly #lossHere: boolean;
  readonly #correctHere: boolean;
  readonly #losses: Float32Array;
  readonly #corrects: Float32Array;

  constructor(session: Session, worker: number, stepsPerEpoch: number) {
    const { plan, layout, memory, optimizer } = session.run;
    const { start, end } = plan.slices[worker];
    const { parameterCount } = layout;
    const inSlice = (address: number): number => address + start * Float32Array.BYTES_PER_ELEMENT;
    this.#session = session;
    this.#floats = end - start;
    this.#targets = plan.additions.map(({ target }) => inSlice(layout.sums[target]));
    this.#sources = plan.additions.map(({ source }) => inSlice(layout.sums[source]));
    this.#total = inSlice(layout.sums[0]);
    const step = (from: 0 | 1, to: 0 | 1): Step => ({
      gradient: this.#total,
      parameters: inSlice(layout.parameters[from]),
      nextParameters: inSlice(layout.parameters[to]),
      state: layout.state[from].slice(0, stateCount(optimizer)).map(inSlice),
      nextState: layout.state[to].slice(0, stateCount(optimizer)).map(inSlice),
      count: Math.max(Math.min(end, parameterCount) - start, 0),
      step: 0,
    });
    this.#steps = [step(0, 1), step(1, 0)];
    // The loss and the right answers are the two floats after the gradient.
    this.#lossHere = start <= parameterCount && parameterCount < end;
    this.#correctHere = start <= parameterCount + 1 && parameterCount + 1 < end;
    this.#losses = new Float32Array(memory.buffer, layout.losses, stepsPerEpoch);
    this.#corrects = new Float32Array(memory.buffer, layout.corrects, stepsPerEpoch);
  }

  /**
   * Reads the sums of all workers, which must be whole, and writes this slice of the next parameters.
   *
   * @param step optimizer steps before this one
   * @param stepOfEpoch where the step's loss is noted
   * @returns false when the loss or the new parameters are not finite, which they are not after a gradient that is not
   */
  reduce(step: number, stepOfEpoch: number): boolean {
    const { kernels, run, sums } = this.#session;
    for (let i = 0; i < this.#targets.length; i++) kernels.add(this.#targets[i], this.#sources[i], this.#floats);
    const { parameterCount } = run.layout;
    if (this.#lossHere) this.#losses[stepOfEpoch] = sums[0][parameterCount];
    if (this.#correctHere) this.#corrects[stepOfEpoch] = sums[0][parameterCount + 1];
    const slice = this.#steps[step % 2];
    slice.step = step + 1;
    // The next parameters are written in any case, and become the ones that count only after a step without a fault.
    const finite = applyOptimizer(run.optimizer, kernels, slice);
    return finite && (!this.#lossHere || Number.isFinite(sums[0][parameterCount]));
  }
}
