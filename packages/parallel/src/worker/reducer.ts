import { applyOptimizer, stateCount, type OptimizerSlice } from "@convoy/core/replica";
import type { Addition } from "../plan/subtrees.ts";
import { floatsAtOnce, type Slice } from "../plan/slices.ts";
import type { Session } from "./session.ts";
import type { Run } from "./task.ts";

type Step = { -readonly [Field in keyof OptimizerSlice]: OptimizerSlice[Field] };

/** A stretch of a slice that stays in the cache: the optimizer step that reads parameters A, and the one that reads B. */
interface Block {
  /** Bytes from the start of a vector. */
  readonly offset: number;
  readonly floats: number;
  /** Of the floats, those that are parameters: behind them stand loss and right answers, which have no optimizer step. */
  readonly parameters: number;
  readonly steps: readonly [Step, Step];
}

/** Sums slices of the flat vector over the parts of a step, checks them, and takes the optimizer step on them. */
export class Reducer {
  readonly #session: Session;
  readonly #slices: readonly (readonly Block[])[];
  readonly #losses: Float32Array;
  readonly #corrects: Float32Array;

  constructor(session: Session, stepsPerEpoch: number) {
    const { plan, layout, memory } = session.run;
    this.#session = session;
    this.#slices = plan.slices.map((slice) => blocksOf(session.run, slice));
    this.#losses = new Float32Array(memory.buffer, layout.losses, stepsPerEpoch);
    this.#corrects = new Float32Array(memory.buffer, layout.corrects, stepsPerEpoch);
  }

  /**
   * Reads the sums of all parts, which must be whole, and writes one slice of the next parameters.
   *
   * @param vectors that hold the sums, one a part
   * @param additions of these
   * @param step optimizer steps before this one
   * @param stepOfEpoch where the step's loss is noted
   * @returns false when the loss or the new parameters are not finite, which they are not after a gradient that is not
   */
  reduce(
    slice: number,
    vectors: Int32Array,
    additions: readonly Addition[],
    step: number,
    stepOfEpoch: number,
  ): boolean {
    let finite = true;
    const blocks = this.#slices[slice];
    for (let b = 0; b < blocks.length; b++) if (!this.#step(blocks[b], vectors, additions, step)) finite = false;
    const { sums, run } = this.#session;
    const { parameterCount } = run.layout;
    const { start, end } = run.plan.slices[slice];
    // The loss and the right answers are the two floats after the gradient.
    const total = sums[vectors[0]];
    if (start <= parameterCount + 1 && parameterCount + 1 < end)
      this.#corrects[stepOfEpoch] = total[parameterCount + 1];
    if (start > parameterCount || parameterCount >= end) return finite;
    const loss = total[parameterCount];
    this.#losses[stepOfEpoch] = loss;
    return finite && Number.isFinite(loss);
  }

  #step(block: Block, vectors: Int32Array, additions: readonly Addition[], step: number): boolean {
    const { kernels, run } = this.#session;
    const { sums } = run.layout;
    const { offset, floats, parameters } = block;
    // All but the last addition of gradients: the optimizer step does that, so that its result is not written and read.
    const last = additions.length - 1;
    for (let i = 0; i < last; i++) {
      const { target, source } = additions[i];
      kernels.add(sums[vectors[target]] + offset, sums[vectors[source]] + offset, floats);
    }
    const next = block.steps[step % 2];
    next.gradient = sums[vectors[0]] + offset;
    next.addend = undefined;
    next.step = step + 1;
    if (last >= 0) {
      next.addend = sums[vectors[additions[last].source]] + offset;
      const behind = parameters * Float32Array.BYTES_PER_ELEMENT;
      if (parameters < floats) kernels.add(next.gradient + behind, next.addend + behind, floats - parameters);
    }
    // The next parameters are written in any case, and become the ones that count only after a step without a fault.
    return applyOptimizer(run.optimizer, kernels, next);
  }
}

function blocksOf({ layout, optimizer }: Run, { start, end }: Slice): Block[] {
  const blocks: Block[] = [];
  for (let from = start; from < end; from += floatsAtOnce) {
    const floats = Math.min(from + floatsAtOnce, end) - from;
    const offset = from * Float32Array.BYTES_PER_ELEMENT;
    const inBlock = (address: number): number => address + offset;
    const parameters = Math.max(Math.min(from + floats, layout.parameterCount) - from, 0);
    const step = (before: 0 | 1, after: 0 | 1): Step => ({
      gradient: 0,
      addend: undefined,
      parameters: inBlock(layout.parameters[before]),
      nextParameters: inBlock(layout.parameters[after]),
      state: layout.state[before].slice(0, stateCount(optimizer)).map(inBlock),
      nextState: layout.state[after].slice(0, stateCount(optimizer)).map(inBlock),
      count: parameters,
      step: 0,
    });
    blocks.push({ offset, floats, parameters, steps: [step(0, 1), step(1, 0)] });
  }
  return blocks;
}
