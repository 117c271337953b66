import { heartbeat, words } from "../control/words.ts";
import { everyTick, longestTickMilliseconds } from "./ticks.ts";

/** A heartbeat that stands still for this long, or for 20 of the slowest steps so far, is a hang. */
const usualHangMilliseconds = 8000;
const hangSteps = 20;

/** The first task compiles and plans, and no step has shown yet how long one takes: slow machines get a minute. */
const startMilliseconds = 60_000;

/**
 * Finds workers that hang. Time is counted in ticks of the main thread, each of limited length, so that a process that was
 * stopped and continued, or a computer that slept, has no hung worker.
 */
export class Watch {
  readonly #control: Int32Array;
  readonly #beats: Int32Array;
  readonly #quiet: number[];
  readonly #running: boolean[];
  readonly #hangMilliseconds: number;
  readonly #onTick: () => void;
  readonly #onHang: (worker: number, milliseconds: number) => void;
  readonly #timer: NodeJS.Timeout;
  #starting = true;
  #counted = 0;
  #committed = 0;
  #sinceStep = 0;
  #slowestStep = 0;

  /**
   * @param onTick called at every tick, after the look at the heartbeats
   * @param onHang called once for each worker found hung, with how long its heartbeat has stood still
   * @param hangMilliseconds that a heartbeat may stand still
   */
  constructor(
    control: Int32Array,
    workers: number,
    onTick: () => void,
    onHang: (worker: number, milliseconds: number) => void,
    hangMilliseconds: number = usualHangMilliseconds,
  ) {
    this.#control = control;
    this.#beats = new Int32Array(workers);
    this.#quiet = Array.from({ length: workers }, () => 0);
    this.#running = Array.from({ length: workers }, () => false);
    this.#hangMilliseconds = hangMilliseconds;
    this.#onTick = onTick;
    this.#onHang = onHang;
    this.#timer = everyTick((milliseconds) => this.tick(milliseconds));
  }

  /** All workers got a task. */
  begin(starting: boolean): void {
    this.#starting = starting;
    this.#quiet.fill(0);
    this.#running.fill(true);
    this.#counted = 0;
    this.#sinceStep = 0;
  }

  /** A worker's task has ended; it need not beat any more. */
  end(worker: number): void {
    this.#running[worker] = false;
  }

  /** A step was seen to take so long. */
  took(milliseconds: number): void {
    this.#slowestStep = Math.max(this.#slowestStep, milliseconds);
  }

  /**
   * A part of a step was timed in the task that has just ended, by a clock that went on while the process was stopped: it
   * took no longer than was counted here.
   *
   * @param parts of a step
   */
  timed(milliseconds: number, parts: number): void {
    this.took(parts * Math.min(milliseconds, this.#counted + longestTickMilliseconds));
  }

  tick(milliseconds: number): void {
    this.#counted += milliseconds;
    this.#timeSteps(milliseconds);
    const limit = this.#starting ? startMilliseconds : Math.max(this.#hangMilliseconds, hangSteps * this.#slowestStep);
    for (let worker = 0; worker < this.#running.length; worker++) {
      if (!this.#running[worker]) continue;
      // Read for change only: nothing else is read because of it.
      const beats = Atomics.load(this.#control, heartbeat(worker));
      this.#quiet[worker] = beats === this.#beats[worker] ? this.#quiet[worker] + milliseconds : 0;
      this.#beats[worker] = beats;
      if (this.#quiet[worker] < limit) continue;
      this.end(worker);
      this.#onHang(worker, this.#quiet[worker]);
    }
    this.#onTick();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Steps shorter than a tick need no better measure: for them the fixed limit is the larger one. */
  #timeSteps(milliseconds: number): void {
    const committed = Atomics.load(this.#control, words.committed);
    this.#sinceStep += milliseconds;
    if (committed === this.#committed) return;
    if (!this.#starting) this.took(this.#sinceStep / ((committed - this.#committed) >>> 0));
    this.#committed = committed;
    this.#sinceStep = 0;
  }
}
