import type { Replica } from "@convoy/core/replica";
import { Claims } from "../control/claims.ts";
import type { LifeSign } from "../control/life_sign.ts";
import { Progress } from "../control/progress.ts";
import { Waiting } from "../control/waiting.ts";
import { decisions, words } from "../control/words.ts";
import type { Division } from "../plan/division.ts";
import { partsOf } from "../plan/plan.ts";
import { PartComputer } from "./part_computer.ts";
import { Reducer } from "./reducer.ts";
import type { Session } from "./session.ts";
import type { StepClock } from "./step_clock.ts";
import type { TrainTask } from "./task.ts";

/**
 * A worker that has not shown life for half the time that a part takes has come to a stop: it shows life between operations.
 * Nobody is said to have stopped sooner than after 0.1 ms.
 */
const stillShare = 1 / 2;
const leastStill = 0.1;

/**
 * What one worker does for a step: it takes parts and computes them as long as there are any, and then slices of the reduction.
 * It takes nothing of a step that the others have ended without it.
 */
export class Contribution {
  /** Parts done again that another had taken and come to a stop with. */
  takenOver = 0;
  readonly parts: PartComputer;
  readonly #session: Session;
  readonly #task: TrainTask;
  readonly #life: LifeSign;
  readonly #clock: StepClock | undefined;
  readonly #claims: Claims;
  readonly #progress: Progress;
  readonly #waiting: Waiting;
  readonly #reducer: Reducer;
  /** Which vectors hold the sums of a step, once all are published. */
  readonly #vectors: Int32Array;
  /** Of the step under way. */
  #division: Division;
  #step = 0;
  #stepOfEpoch = 0;

  constructor(session: Session, task: TrainTask, replica: Replica, life: LifeSign, clock: StepClock | undefined) {
    const { run, worker, steps } = task;
    this.#session = session;
    this.#task = task;
    this.#life = life;
    this.#clock = clock;
    this.#claims = new Claims(session.control, worker);
    this.#progress = new Progress(session.control, run.plan.workers);
    this.#waiting = new Waiting(session.control, life, run.plan.active);
    this.#reducer = new Reducer(session, steps);
    this.parts = new PartComputer(session, replica, life);
    this.#vectors = new Int32Array(partsOf(run.plan));
    this.#division = run.plan.coarse;
  }

  /**
   * @param step optimizer steps before this one
   * @returns whether it was this worker that did the last piece, so that all of the step is done and it has to end it
   */
  make(step: number, stepOfEpoch: number): boolean {
    const { control, run } = this.#session;
    this.#step = step;
    this.#stepOfEpoch = stepOfEpoch;
    this.#claims.enter(step);
    // Changes between two steps alone. Should this be another step's, there is nothing to take of ours any more.
    const { coarse, fine } = run.plan;
    this.#division = Atomics.load(control, words.fine) === 0 ? coarse : fine;
    const isWhole = this.#takeParts() && this.#awaitParts();
    return isWhole && this.#takeSlices();
  }

  /** Waits until the step has ended, or the run. */
  awaitEnd(): void {
    const { control } = this.#session;
    const start = performance.now();
    for (;;) {
      const generation = Atomics.load(control, words.generation);
      if (this.#isOver()) break;
      this.#waiting.some(generation, start, Infinity);
    }
    this.#waiting.lasted(performance.now() - start);
    this.#clock?.end("wait");
  }

  /**
   * Is it in the parts that this worker computed that the minibatch is not finite? The reduction wrote over the sums, but the
   * parameters are those of before, so they can be computed again.
   */
  isGuilty(): boolean {
    const { run, kernels } = this.#session;
    return this.#division.parts.some((_, part) => {
      if (!this.#claims.tookPart(part, this.#step)) return false;
      const { hand } = this.#claims;
      this.#compute(part, hand);
      return kernels.finite(run.layout.sums[hand], run.layout.parameterCount + 2) === 0;
    });
  }

  /** Whether the step that this worker is in has been ended, or nothing is to be done any more. */
  #isOver(): boolean {
    const { control } = this.#session;
    return (
      Atomics.load(control, words.committed) !== (this.#step | 0) ||
      Atomics.load(control, words.decision) === decisions.nonFinite ||
      Atomics.load(control, words.abort) !== 0
    );
  }

  /** @returns false when the run is over */
  #takeParts(): boolean {
    const { control } = this.#session;
    const order = this.#division.orders[this.#task.worker];
    for (let i = 0; i < order.length; i++) {
      const part = order[i];
      // Must come before the part is taken: after that, another may do it instead, and change what stands there.
      const before = this.#claims.state(part);
      if (!this.#claims.takePart(part, this.#step)) continue;
      this.#compute(part, this.#claims.vectorIn(before));
      if (this.#claims.publishTaken(part, this.#step, before)) this.#published();
      else if (!this.#awaitVector(before)) return false;
    }
    this.#clock?.end("compute");
    return Atomics.load(control, words.abort) === 0;
  }

  /** Another did this worker's part instead, and is about to give it the vector that it had. */
  #awaitVector(before: number): boolean {
    const { control } = this.#session;
    while (!this.#claims.isHandedBack(before)) {
      if (Atomics.load(control, words.abort) !== 0) return false;
      this.#life.beat();
    }
    return true;
  }

  #compute(part: number, vector: number): void {
    this.parts.compute(this.#division, part, vector, this.#step, this.#stepOfEpoch);
  }

  #published(): void {
    const { control } = this.#session;
    // Must follow the publication: who sees the full count finds all sums.
    if (Atomics.add(control, words.arrivals, 1) !== this.#division.parts.length - 1) return;
    Atomics.add(control, words.generation, 1);
    Atomics.notify(control, words.generation);
  }

  /** @returns whether all parts are published and the step is still under way */
  #awaitParts(): boolean {
    const { control } = this.#session;
    const parts = this.#division.parts.length;
    if (Atomics.load(control, words.arrivals) === parts) return !this.#isOver();
    const start = performance.now();
    this.#progress.begin(start);
    for (;;) {
      const generation = Atomics.load(control, words.generation);
      // First whether it is over: with the step that follows, the count begins anew.
      if (this.#isOver()) return false;
      if (Atomics.load(control, words.arrivals) === parts) break;
      const still = Math.max(this.parts.milliseconds * stillShare, leastStill);
      if (!this.#takeOver(still)) this.#waiting.some(generation, start, still / 4);
    }
    this.#waiting.lasted(performance.now() - start);
    this.#clock?.end("wait");
    return true;
  }

  /**
   * Does a part again whose worker has come to a stop: the system has given its core to somebody else, or it hangs.
   *
   * @param still milliseconds that it has not moved for
   * @returns whether there was one
   */
  #takeOver(still: number): boolean {
    const now = performance.now();
    const { length } = this.#division.parts;
    for (let i = 0; i < length; i++) {
      // Each waiting worker begins at another one.
      const part = (i + this.#task.worker) % length;
      const holder = this.#claims.holder(part, this.#step);
      if (holder === -1 || this.#progress.stillFor(holder, now) < still) continue;
      Atomics.store(this.#session.control, words.uneven, 1);
      this.#clock?.end("wait");
      this.#compute(part, this.#claims.hand);
      if (this.#claims.publishInstead(part, this.#step)) {
        this.takenOver++;
        this.#published();
      }
      this.#clock?.end("compute");
      return true;
    }
    return false;
  }

  /** @returns whether the last slice was this worker's */
  #takeSlices(): boolean {
    const { control, run } = this.#session;
    const { slices, active } = run.plan;
    const { parts, additions } = this.#division;
    for (let part = 0; part < parts.length; part++) {
      this.#vectors[part] = this.#claims.vectorIn(this.#claims.state(part));
    }
    let isLast = false;
    // Its own ones first: they lie in its core's cache since the step before.
    const first = Math.floor((this.#task.worker * slices.length) / active);
    for (let i = 0; i < slices.length; i++) {
      const slice = (first + i) % slices.length;
      if (!this.#claims.takeSlice(slice, this.#step)) continue;
      if (!this.#reducer.reduce(slice, this.#vectors, additions, this.#step, this.#stepOfEpoch)) {
        // Must come before the slice is counted: who ends the step reads it.
        Atomics.store(control, words.nonFinite, 1);
      }
      // Must follow all that was written: who sees the full count sees the next parameters.
      if (Atomics.add(control, words.reduced, 1) === slices.length - 1) isLast = true;
    }
    this.#life.beat();
    this.#clock?.end("reduce");
    return isLast;
  }
}
