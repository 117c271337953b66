import { permutation, type Replica } from "@convoy/core/replica";
import { Barrier } from "../control/barrier.ts";
import { wholeSteps } from "../control/whole_steps.ts";
import { decisions, words } from "../control/words.ts";
import { showLifeBy } from "./life.ts";
import { subtreeParts, type SubtreePart } from "./parts.ts";
import { Reducer } from "./reducer.ts";
import { openSession, replicaOf, type Session } from "./session.ts";
import { Snapshot } from "./snapshot.ts";
import { StepClock } from "./step_clock.ts";
import type { TrainOutcome, TrainTask } from "./task.ts";

/**
 * A run of steps of one worker. In a step there is no message and no allocation:
 *
 *     load parameters A, gradient of each own subtree → meet → reduce, check and update the own slice → meet → swap
 */
export async function train(task: TrainTask): Promise<TrainOutcome> {
  const session = await openSession(task.run);
  return new EpochOfWorker(session, task, await replicaOf(session, task.worker)).run();
}

class EpochOfWorker {
  readonly #session: Session;
  readonly #task: TrainTask;
  readonly #replica: Replica;
  readonly #barrier: Barrier;
  readonly #reducer: Reducer;
  readonly #parts: readonly SubtreePart[];
  readonly #clock: StepClock | undefined;
  readonly #snapshot: Snapshot | undefined;
  /** Set before each step, so that `#decide` needs no closure of its own. */
  #step = 0;

  constructor(session: Session, task: TrainTask, replica: Replica) {
    const { run, worker } = task;
    this.#session = session;
    this.#task = task;
    this.#replica = replica;
    this.#barrier = new Barrier(session.control, run.plan.workers, worker, run.spins);
    showLifeBy(() => this.#barrier.beat());
    this.#reducer = new Reducer(session, worker, task.steps);
    this.#parts = subtreeParts(run, worker, session.order);
    this.#clock = run.timed ? new StepClock(run, worker, task.steps) : undefined;
    this.#snapshot = run.layout.snapshot.length > 0 ? new Snapshot(run, session.control) : undefined;
  }

  run(): TrainOutcome {
    const { control } = this.#session;
    const { run, epoch, firstStep, steps } = this.#task;
    permutation(run.seed, epoch, run.store.count, this.#session.order);
    // After a fault, or where a run is resumed, the epoch goes on in its middle. No step becomes whole without this worker,
    // so all read the same.
    const first = wholeSteps(control, firstStep) - firstStep;
    this.#clock?.clear(first);
    for (let i = first; i < steps; i++) {
      this.#step = firstStep + i;
      this.#clock?.begin(i);
      this.#gradients(i);
      this.#clock?.end("compute");
      if (!this.#barrier.meet()) return { kind: "aborted" };
      this.#clock?.end("wait");
      if (!this.#reducer.reduce(this.#step, i)) {
        // Must come before our arrival at the next barrier, whose last worker reads it.
        Atomics.store(control, words.nonFinite, 1);
      }
      this.#clock?.end("reduce");
      if (!this.#barrier.meet(this.#decide)) return { kind: "aborted" };
      this.#clock?.end("wait");
      // Must follow the release. The next decision cannot overwrite it: for that, we have to arrive first.
      const decision = Atomics.load(control, words.decision);
      if (decision === decisions.stop) return { kind: "stopped" };
      if (decision === decisions.nonFinite) return { kind: "nonFinite", guilty: this.#isGuilty(i) };
    }
    return { kind: "done" };
  }

  /** In the last worker at the end of a step, before it lets the others go: so that all act at the same step. */
  readonly #decide = (): void => {
    const { control } = this.#session;
    // Must follow the arrival of all: each sets the word before it arrives.
    if (Atomics.load(control, words.nonFinite) !== 0) {
      Atomics.store(control, words.decision, decisions.nonFinite);
      return;
    }
    // Must follow the arrival of all: the next parameters are whole only then. Main reads this word, and then them.
    Atomics.store(control, words.committed, this.#step + 1);
    this.#snapshot?.takeIfDue(this.#step + 1);
    const stop = Atomics.load(control, words.stopRequest) !== 0;
    // Must come before the release, which lets the others read it.
    Atomics.store(control, words.decision, stop ? decisions.stop : decisions.goOn);
  };

  #gradients(stepOfEpoch: number): void {
    const { run, parameters, sums } = this.#session;
    const start = stepOfEpoch * run.batchSize;
    const images = Math.min(run.batchSize, run.store.count - start);
    this.#replica.load(parameters[this.#step % 2]);
    // Not for…of: its iterators would be garbage, four of them a step.
    for (let i = 0; i < this.#parts.length; i++) {
      const { part, at, whole, last } = this.#parts[i];
      const share = images === run.batchSize ? whole : last;
      const sum = sums[at];
      if (share.images === 0) {
        sum.fill(0);
        continue;
      }
      part.start = start + share.offset;
      part.shardSizes = share.shardSizes;
      part.minibatchSize = images;
      part.step = this.#step;
      this.#replica.gradient(part, sum);
      this.#barrier.beat();
    }
  }

  /**
   * Is it this worker's part of the minibatch that is not finite? The reduction wrote over the parts, but the parameters
   * are those of before, so they can be computed again.
   */
  #isGuilty(stepOfEpoch: number): boolean {
    const { kernels, run } = this.#session;
    this.#gradients(stepOfEpoch);
    return this.#parts.some(({ at }) => kernels.finite(run.layout.sums[at], run.layout.parameterCount + 2) === 0);
  }
}
