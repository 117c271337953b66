import type { Replica } from "@convoy/core/replica";
import type { LifeSign } from "../control/life_sign.ts";
import type { Division } from "../plan/division.ts";
import { stepParts, turnTo, type StepPart } from "./parts.ts";
import type { Session } from "./session.ts";

const unknownMilliseconds = 1000;

/** Computes parts of minibatches, and knows how long one takes. */
export class PartComputer {
  /** Computed to the end. */
  count = 0;
  /** How long a part takes who has a core to itself; a second, before there was one. */
  milliseconds: number = unknownMilliseconds;
  readonly #session: Session;
  readonly #replica: Replica;
  readonly #life: LifeSign;
  readonly #parts: ReadonlyMap<Division, readonly StepPart[]>;
  /** Whose parameters the replica has, as a number of optimizer steps. */
  #loaded = -1;

  constructor(session: Session, replica: Replica, life: LifeSign) {
    const { run, order } = session;
    const { coarse, fine } = run.plan;
    this.#session = session;
    this.#replica = replica;
    this.#life = life;
    this.#parts = new Map([coarse, fine].map((division) => [division, stepParts(run, division, order)]));
  }

  /**
   * @param vector where the part's sum is written
   * @param step optimizer steps before this one
   */
  compute(division: Division, part: number, vector: number, step: number, stepOfEpoch: number): void {
    const { run, parameters, sums } = this.#session;
    const start = stepOfEpoch * run.batchSize;
    const images = Math.min(run.batchSize, run.store.count - start);
    const each = this.#parts.get(division)![part];
    if (turnTo(each, run, start, images, step) === 0) {
      sums[vector].fill(0);
      return;
    }
    const begin = performance.now();
    // Must follow the taking of a part: while that is not published, nobody writes to these parameters. Where another did it
    // instead, they may change under our hands, and what is computed is thrown away.
    if (this.#loaded !== step) this.#replica.load(parameters[step % 2]);
    this.#loaded = step;
    this.#replica.gradient(each.part, sums[vector]);
    this.#life.beat();
    this.count++;
    // Those that were not put aside in the middle: down to a shorter one at once, and up by little.
    const took = performance.now() - begin;
    this.milliseconds = this.count === 1 ? took : Math.min(took, this.milliseconds * 1.02);
  }
}
