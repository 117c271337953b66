import { applyOptimizer, stateCount, type OptimizerSlice } from "@convoy/core/replica";
import type { Slice } from "../plan/slices.ts";
import type { Session } from "./session.ts";
import type { Run } from "./task.ts";

/** 64 KiB of each vector: between its addition and its use a sum does not leave the second-level cache. */
const floatsAtOnce = 16_384;

type Step = { -readonly [Field in keyof OptimizerSlice]: OptimizerSlice[Field] };

/** target += source, in so many floats. */
interface Sum {
  readonly target: number;
  readonly source: number;
  readonly floats: number;
}

/** A part of a slice: what is added, and the optimizer step that reads parameters A, and the one that reads B. */
interface Block {
  /** All but the last addition of gradients: the optimizer step does that, so that its result is not written and read. */
  readonly additions: readonly Sum[];
  readonly steps: readonly [Step, Step];
}

/** One worker's slice of the flat vector: sums it over the shards, checks it, and takes the optimizer step on it. */
export class Reducer {
  readonly #session: Session;
  readonly #blocks: readonly Block[];
  readonly #lossHere: boolean;
  readonly #correctHere: boolean;
  readonly #losses: Float32Array;
  readonly #corrects: Float32Array;

  constructor(session: Session, worker: number, stepsPerEpoch: number) {
    const { plan, layout, memory } = session.run;
    const { start, end } = plan.slices[worker];
    const { parameterCount } = layout;
    this.#session = session;
    const blocks: Block[] = [];
    for (let from = start; from < end; from += floatsAtOnce) {
      blocks.push(blockOf(session.run, { start: from, end: Math.min(from + floatsAtOnce, end) }));
    }
    this.#blocks = blocks;
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
    let finite = true;
    for (let b = 0; b < this.#blocks.length; b++) {
      const { additions, steps } = this.#blocks[b];
      for (let i = 0; i < additions.length; i++) {
        const { target, source, floats } = additions[i];
        kernels.add(target, source, floats);
      }
      const slice = steps[step % 2];
      slice.step = step + 1;
      // The next parameters are written in any case, and become the ones that count only after a step without a fault.
      if (!applyOptimizer(run.optimizer, kernels, slice)) finite = false;
    }
    const { parameterCount } = run.layout;
    if (this.#correctHere) this.#corrects[stepOfEpoch] = sums[0][parameterCount + 1];
    if (!this.#lossHere) return finite;
    const loss = sums[0][parameterCount];
    this.#losses[stepOfEpoch] = loss;
    return finite && Number.isFinite(loss);
  }
}

function blockOf({ plan, layout, optimizer }: Run, { start, end }: Slice): Block {
  const inBlock = (address: number): number => address + start * Float32Array.BYTES_PER_ELEMENT;
  const count = Math.max(Math.min(end, layout.parameterCount) - start, 0);
  const additions = plan.additions.map(({ target, source }) => ({
    target: inBlock(layout.sums[target]),
    source: inBlock(layout.sums[source]),
    floats: end - start,
  }));
  const last = additions.pop();
  // Of the loss and the right answers, which have no optimizer step.
  if (last !== undefined && count < last.floats) {
    const behind = count * Float32Array.BYTES_PER_ELEMENT;
    additions.push({ target: last.target + behind, source: last.source + behind, floats: last.floats - count });
  }
  const step = (from: 0 | 1, to: 0 | 1): Step => ({
    gradient: inBlock(layout.sums[0]),
    addend: last?.source,
    parameters: inBlock(layout.parameters[from]),
    nextParameters: inBlock(layout.parameters[to]),
    state: layout.state[from].slice(0, stateCount(optimizer)).map(inBlock),
    nextState: layout.state[to].slice(0, stateCount(optimizer)).map(inBlock),
    count,
    step: 0,
  });
  return { additions, steps: [step(0, 1), step(1, 0)] };
}
