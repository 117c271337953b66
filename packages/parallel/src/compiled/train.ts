import { permutation } from "@convoy/core/replica";
import { Barrier } from "../control/barrier.ts";
import { wholeSteps } from "../control/whole_steps.ts";
import { decisions, words } from "../control/words.ts";
import type { Slice } from "../plan/slices.ts";
import type { TrainOutcome } from "../worker/task.ts";
import { showLifeBy } from "../worker/life.ts";
import { GradientParts } from "./gradient_parts.ts";
import { countStep, openCompiledSession, type CompiledSession } from "./session.ts";
import type { CompiledTrainTask } from "./task.ts";

/**
 * A run of steps of one worker:
 *
 *     vectors of the own subtrees → meet → add and check the own slice → meet →
 *     the optimizer's step on all weights, publish and check the own slice of them and of the optimizer's state → meet
 *
 * Every thread takes the optimizer's step with the same numbers, so that all copies of the model stay the same to the
 * bit. A step counts once all slices of its weights and state are published; fresh threads go on from there.
 */
export async function train(task: CompiledTrainTask): Promise<TrainOutcome> {
  const session = await openCompiledSession(task);
  await session.replica.configure(task.optimizer);
  return new CompiledEpoch(task, session).run();
}

class CompiledEpoch {
  readonly #task: CompiledTrainTask;
  readonly #session: CompiledSession;
  readonly #barrier: Barrier;
  readonly #parts: GradientParts;
  readonly #vectorSlice: Slice;
  readonly #weightSlice: Slice;
  readonly #stateSlice: Slice;
  /** Set before each step, so that the decisions need no closures of their own. */
  #step = 0;

  constructor(task: CompiledTrainTask, session: CompiledSession) {
    const { run, worker, layout } = task;
    this.#task = task;
    this.#session = session;
    this.#barrier = new Barrier(run.control, run.plan.workers, worker);
    showLifeBy(() => this.#barrier.beat());
    const order = new Int32Array(run.data.count);
    if (run.shuffle) permutation(run.seed, task.epoch, run.data.count, order);
    else for (let i = 0; i < order.length; i++) order[i] = i;
    this.#parts = new GradientParts(task, session.replica, order, () => this.#barrier.beat());
    this.#vectorSlice = layout.vectorSlices[worker];
    this.#weightSlice = layout.weightSlices[worker];
    this.#stateSlice = layout.stateSlices[worker];
  }

  async run(): Promise<TrainOutcome> {
    const { control } = this.#task.run;
    const { replica, kernels } = this.#session;
    const { firstStep, steps, layout, memory } = this.#task;
    const total = new Float32Array(memory.buffer, layout.sums[0], layout.vector);
    // After a fault, the epoch goes on in its middle.
    for (let i = wholeSteps(control, firstStep) - firstStep; i < steps; i++) {
      this.#step = firstStep + i;
      this.#parts.compute(this.#step, i);
      if (!this.#barrier.meet()) return { kind: "aborted" };
      this.#add(i);
      if (!this.#barrier.meet(this.#judge)) return { kind: "aborted" };
      // Must follow the release. The next decision cannot overwrite it: for that, we have to arrive first.
      if (Atomics.load(control, words.decision) === decisions.nonFinite) {
        return { kind: "nonFinite", guilty: this.#parts.areNotFinite(this.#step, i, kernels) };
      }
      replica.update(total);
      // Nothing else runs in this thread meanwhile: tfjs alone has it that an optimizer tells later.
      // oxlint-disable-next-line no-await-in-loop
      await this.#publish();
      if (!this.#barrier.meet(this.#count)) return { kind: "aborted" };
      // As above.
      const decision = Atomics.load(control, words.decision);
      if (decision === decisions.nonFinite) return { kind: "nonFinite", guilty: false };
      countStep(this.#step + 1);
      if (decision === decisions.stop) return { kind: "stopped" };
    }
    return { kind: "done" };
  }

  /** In the last worker to arrive, before it lets the others go: is the minibatch's vector finite? */
  readonly #judge = (): void => {
    const { control } = this.#task.run;
    // Must follow the arrival of all: each sets the word before it arrives.
    const nonFinite = Atomics.load(control, words.nonFinite) !== 0;
    // Must come before the release, which lets the others read it.
    Atomics.store(control, words.decision, nonFinite ? decisions.nonFinite : decisions.goOn);
  };

  /** The same at the end of a step: are the new weights finite, and did main ask for a stop? */
  readonly #count = (): void => {
    const { control } = this.#task.run;
    if (Atomics.load(control, words.nonFinite) !== 0) {
      Atomics.store(control, words.decision, decisions.nonFinite);
      return;
    }
    // Must follow the arrival of all: the weights are whole only then. Main reads this word, and then them.
    Atomics.store(control, words.committed, this.#step + 1);
    const stop = Atomics.load(control, words.stopRequest) !== 0;
    Atomics.store(control, words.decision, stop ? decisions.stop : decisions.goOn);
  };

  /** Loss, gradients and statistics must be finite; metrics may be what they are. */
  #add(stepOfEpoch: number): void {
    const { run, layout, memory } = this.#task;
    const { sums } = layout;
    const { start, end } = this.#vectorSlice;
    for (const { target, source } of run.plan.additions) {
      this.#session.kernels.add(sums[target] + start * 4, sums[source] + start * 4, end - start);
    }
    const records = new Float32Array(memory.buffer, layout.records + stepOfEpoch * layout.values * 4, layout.values);
    const total = new Float32Array(memory.buffer, sums[0], layout.vector);
    for (let i = Math.max(start, layout.loss); i < end; i++) records[i - layout.loss] = total[i];
    const checked = Math.max(Math.min(end, layout.loss + 1) - start, 0);
    // Must come before our arrival at the next barrier, whose last worker reads it.
    if (this.#session.kernels.finite(sums[0] + start * 4, checked) === 0)
      Atomics.store(run.control, words.nonFinite, 1);
  }

  async #publish(): Promise<void> {
    const { run, worker, layout, memory } = this.#task;
    const { replica, kernels } = this.#session;
    const side = (this.#step + 1) % 2;
    const own = ({ start, end }: Slice, address: number): Float32Array =>
      new Float32Array(memory.buffer, address + start * 4, end - start);
    const weights = own(this.#weightSlice, layout.weights[side]);
    replica.readWeights(this.#weightSlice.start, weights);
    const steps = await replica.readState(this.#stateSlice.start, own(this.#stateSlice, layout.state[side]));
    if (worker === 0) new Int32Array(memory.buffer, layout.stateSteps[side], 1)[0] = steps;
    // Must come before our arrival at the next barrier, whose last worker reads it.
    if (kernels.finite(weights.byteOffset, weights.length) === 0) Atomics.store(run.control, words.nonFinite, 1);
  }
}
