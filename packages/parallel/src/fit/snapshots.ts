import type { BestWeights, Checkpoint } from "@convoy/core/training";
import { wholeSteps } from "../control/whole_steps.ts";
import { words } from "../control/words.ts";
import type { Run } from "../worker/task.ts";
import type { CheckpointOptions } from "./checkpoint_options.ts";
import { CheckpointQueue } from "./checkpoint_queue.ts";
import type { SavedCheckpoints } from "./result.ts";
import type { RunIdentity } from "./run_identity.ts";
import type { RunProgress } from "./run_position.ts";

export interface SnapshotsOptions {
  readonly run: Run;
  readonly identity: RunIdentity;
  readonly options: CheckpointOptions;
  /** Optimizer steps that are whole. */
  readonly steps: () => number;
  /** The best weights so far. */
  readonly best: () => BestWeights | undefined;
  /** Where the run stood after so many optimizer steps, of which none is behind the epoch under way. */
  readonly progressAt: (steps: number) => RunProgress;
  readonly onFailure: (checkpoint: Checkpoint, error: unknown) => void;
}

/**
 * Decides when the run is copied, and hands the copies to be saved. Within an epoch a worker copies, at a barrier, into
 * shared memory, and this thread fetches it from there whenever it comes to it; between two epochs this thread copies.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #control: Int32Array;
  readonly #queue: CheckpointQueue;
  #step: number;
  #time = performance.now();
  /** Someone asked for a copy, and none was taken since. */
  #isAskedFor = false;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#control = new Int32Array(options.run.memory.buffer);
    this.#queue = new CheckpointQueue(options.options.save, options.onFailure);
    this.#step = options.steps();
  }

  get outcome(): SavedCheckpoints {
    return this.#queue.outcome;
  }

  /** While an epoch runs, now and then: fetches what was copied, and asks for the next copy. */
  look(): void {
    this.#fetch();
    // Must follow the fetch, which frees the place.
    const due = this.#due();
    if (due !== undefined) Atomics.store(this.#control, words.snapshotDue, due);
    // Must follow the number: a worker that sees the wish reads it.
    Atomics.store(this.#control, words.snapshotWanted, due === undefined ? 0 : 1);
  }

  /** Copies the run as it stands. Nobody may train meanwhile. */
  take(): void {
    const { parameters, state } = this.#options.run.layout;
    const steps = this.#options.steps();
    this.#offer(steps, [parameters[steps % 2], ...state[steps % 2]]);
  }

  /** @param epoch from 1, that was just trained to its end */
  epochEnded(epoch: number): void {
    this.#fetch();
    const { everyEpochs = 1 } = this.#options.options;
    const isDue = epoch % everyEpochs === 0 || this.#askedFor();
    if (isDue && this.#step !== this.#options.steps()) this.take();
  }

  /**
   * The run is over, and its threads are gone: saves where it stands, if that is not saved yet.
   *
   * @param signal see `CheckpointQueue`
   * @returns false when a save was given up
   */
  async finish(signal: AbortSignal | undefined): Promise<boolean> {
    await this.#queue.settle(signal);
    if (this.outcome.step !== this.#options.steps() && !this.#queue.isGivenUp) {
      this.take();
      await this.#queue.settle(signal);
    }
    return !this.#queue.isGivenUp;
  }

  #fetch(): void {
    if (Atomics.load(this.#control, words.snapshot) === 0) return;
    this.#offer(wholeSteps(this.#control, this.#step, words.snapshotSteps), this.#options.run.layout.snapshot);
    // Must come before the place is free: what was asked for is done.
    Atomics.store(this.#control, words.snapshotWanted, 0);
    // Must follow our copy: from now on a worker may write there again.
    Atomics.store(this.#control, words.snapshot, 0);
  }

  #offer(steps: number, addresses: readonly number[]): void {
    const { run, identity, progressAt, best } = this.#options;
    const { memory, layout } = run;
    const [weights, ...optimizerState] = addresses.map((address) =>
      Float32Array.from(new Float32Array(memory.buffer, address, layout.parameterCount)),
    );
    this.#step = steps;
    this.#time = performance.now();
    this.#isAskedFor = false;
    this.#queue.offer({ ...identity, ...progressAt(steps), weights, optimizerState, best: best() });
  }

  /** After how many steps the next copy is to be taken; at the next one, if that is behind us. Nothing: none is wanted. */
  #due(): number | undefined {
    if (this.#queue.full) return undefined;
    const { everySteps, everySeconds = Infinity } = this.#options.options;
    const isTime = performance.now() - this.#time >= everySeconds * 1000;
    if (isTime || this.#askedFor()) return this.#options.steps();
    return everySteps === undefined ? undefined : (Math.floor(this.#step / everySteps) + 1) * everySteps;
  }

  #askedFor(): boolean {
    this.#isAskedFor ||= this.#options.options.wanted?.() ?? false;
    return this.#isAskedFor;
  }
}
