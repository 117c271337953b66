import { heartbeat, place, places, words } from "./words.ts";

/** Of a claim the last 6 bits are the worker's number, of what is done the last 8 the vector's. Before them stands the step. */
const workerBits = 6;
const vectorBits = 8;

/** How much later than what a word says a step is, in the bits that the word has for it: below 0, the word is from later. */
function later(step: number, word: number, bits: number): number {
  return ((step << bits) - ((word >> bits) << bits)) | 0;
}

function claimOf(part: number): number {
  return place(part);
}

function doneOf(part: number): number {
  return place(part) + 1;
}

function sliceOf(slice: number): number {
  return place(slice) + 2;
}

/** The word that says in which step a worker is: the last 32 bits of its number. */
export function stepOf(worker: number): number {
  return heartbeat(worker) + 1;
}

function handOf(worker: number): number {
  return heartbeat(worker) + 2;
}

/**
 * Who does what in a step: parts and slices are claimed by whoever is free, each by one worker.
 *
 * Nothing is cleared between steps: a word says which step it is of, and is free for all that come later. So a worker that
 * was put aside while others went on finds nothing that it could take, or spoil.
 *
 * A part's sum is a vector in shared memory. Each part has one, and each worker has one more in its hand. Who took a part
 * writes to the part's vector. Who does it again instead, because the other has come to a stop, writes to the one in its
 * own hand; the first to publish has its vector become the part's. Then the part's former vector, to which the other may
 * still write, goes into the hand of that other, and what it had in its hand goes to the one who published.
 */
export class Claims {
  readonly #control: Int32Array;
  readonly #worker: number;

  constructor(control: Int32Array, worker: number) {
    this.#control = control;
    this.#worker = worker;
  }

  /** The vector in this worker's hand. */
  get hand(): number {
    return Atomics.load(this.#control, handOf(this.#worker));
  }

  /** Says, to those who tell of faults, in which step this worker is. */
  enter(step: number): void {
    Atomics.store(this.#control, stepOf(this.#worker), step);
  }

  /** What stands of a part; to be read before it is taken. */
  state(part: number): number {
    return Atomics.load(this.#control, doneOf(part));
  }

  /** The vector that the part's sum is in, or will be. */
  vectorIn(state: number): number {
    return state & ((1 << vectorBits) - 1);
  }

  /** @returns false when somebody has it, or the step is over */
  takePart(part: number, step: number): boolean {
    return this.#take(claimOf(part), step, workerBits, this.#worker);
  }

  takeSlice(slice: number, step: number): boolean {
    return this.#take(sliceOf(slice), step, 0, 0);
  }

  /** The worker that has a part of this step whose sum is not published; -1 where there is none. */
  holder(part: number, step: number): number {
    const claim = Atomics.load(this.#control, claimOf(part));
    if (later(step, claim, workerBits) !== 0 || later(step, this.state(part), vectorBits) <= 0) return -1;
    return claim & ((1 << workerBits) - 1);
  }

  /** Whether this worker was the one to take a part of this step. */
  tookPart(part: number, step: number): boolean {
    return Atomics.load(this.#control, claimOf(part)) === ((step << workerBits) | this.#worker);
  }

  /**
   * Publishes the sum of a part that was taken. Must follow all that was written to its vector: who sees the word sees the sum.
   *
   * @param before the part's state before it was taken
   * @returns false when somebody did it instead: until `isHandedBack`, the vector is in nobody's hand
   */
  publishTaken(part: number, step: number, before: number): boolean {
    const after = (step << vectorBits) | this.vectorIn(before);
    return Atomics.compareExchange(this.#control, doneOf(part), before, after) === before;
  }

  /** Whether the vector of a part that was done by somebody else has come into this worker's hand. */
  isHandedBack(before: number): boolean {
    return this.hand === this.vectorIn(before);
  }

  /**
   * Publishes what this worker has in its hand as the sum of a part that another took.
   *
   * @returns false when that one, or a third, was first, or the step is over
   */
  publishInstead(part: number, step: number): boolean {
    const before = this.state(part);
    const holder = this.holder(part, step);
    // Must follow the look at the state: a holder of this step and no sum of it then fit together.
    if (holder === -1) return false;
    const { hand } = this;
    const after = (step << vectorBits) | hand;
    if (Atomics.compareExchange(this.#control, doneOf(part), before, after) !== before) return false;
    // Must follow the publication, after which nobody else exchanges for this part, and its holder waits for us.
    const returned = Atomics.exchange(this.#control, handOf(holder), this.vectorIn(before));
    Atomics.store(this.#control, handOf(this.#worker), returned);
    return true;
  }

  #take(at: number, step: number, bits: number, low: number): boolean {
    const word = Atomics.load(this.#control, at);
    if (later(step, word, bits) <= 0) return false;
    return Atomics.compareExchange(this.#control, at, word, (step << bits) | low) === word;
  }
}

/**
 * Marks all parts as done in a step. It must be so that no word is half the steps old that it can tell apart: parts which
 * are not used for long are marked before they are.
 */
export function markParts(control: Int32Array, step: number): void {
  for (let part = 0; part < places; part++) {
    const vector = Atomics.load(control, doneOf(part)) & ((1 << vectorBits) - 1);
    Atomics.store(control, doneOf(part), (step << vectorBits) | vector);
    Atomics.store(control, claimOf(part), step << workerBits);
  }
}

/** Makes the claims ready for fresh threads: nobody has anything of the step that comes. None of the old ones may live. */
export function resetClaims(control: Int32Array, workers: number): void {
  const committed = Atomics.load(control, words.committed);
  for (let at = 0; at < places; at++) {
    Atomics.store(control, doneOf(at), workers + at);
    Atomics.store(control, sliceOf(at), (committed - 1) | 0);
  }
  markParts(control, committed - 1);
  for (let worker = 0; worker < workers; worker++) {
    Atomics.store(control, handOf(worker), worker);
    Atomics.store(control, stepOf(worker), committed);
  }
}
