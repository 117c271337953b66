import process from "node:process";
import type { CompiledReplica } from "@convoy/core/tape";
import type { CompiledReplicaWrapper } from "../src/compiled/session.ts";

export interface CompiledFault {
  readonly kind: "throw" | "exit" | "spin" | "nan" | "slow" | "throwInEvaluation";
  readonly worker: number;
  /** Optimizer step, from 0. */
  readonly step: number;
}

/** Makes one worker's replica go wrong at one step of training. Loaded by the thread itself: nothing is pretended. */
const injectFaults: CompiledReplicaWrapper = (replica, worker, data) => {
  // The test that posts it is typed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fault = data as CompiledFault;
  if (fault.worker !== worker) return replica;
  return new FaultyReplica(replica, fault);
};

export default injectFaults;

class FaultyReplica implements CompiledReplica {
  readonly values: readonly string[];
  readonly changing: readonly number[];
  readonly gradients: number;
  readonly statistics: number;
  readonly #replica: CompiledReplica;
  readonly #fault: CompiledFault;

  constructor(replica: CompiledReplica, fault: CompiledFault) {
    ({
      values: this.values,
      changing: this.changing,
      gradients: this.gradients,
      statistics: this.statistics,
    } = replica);
    this.#replica = replica;
    this.#fault = fault;
  }

  shard(...[data, shard, out]: Parameters<CompiledReplica["shard"]>): void {
    const { kind, step } = this.#fault;
    if (kind === "slow") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    this.#replica.shard(data, shard, out);
    if (shard.step !== step) return;
    if (kind === "throw") throw new Error("injected");
    if (kind === "exit") process.exit(3);
    if (kind === "nan") out[0] = Number.NaN;
    if (kind === "spin") for (let forever = 1; forever !== 0; forever = (forever + 1) % 1000 || 1);
  }

  update(total: Float32Array): void {
    this.#replica.update(total);
  }

  readWeights(start: number, out: Float32Array): void {
    this.#replica.readWeights(start, out);
  }

  evaluate(...[data, samples]: Parameters<CompiledReplica["evaluate"]>): Float32Array {
    if (this.#fault.kind === "throwInEvaluation") throw new Error("injected");
    return this.#replica.evaluate(data, samples);
  }

  optimizerState(): ReturnType<CompiledReplica["optimizerState"]> {
    return this.#replica.optimizerState();
  }

  dispose(): void {
    this.#replica.dispose();
  }
}
