import type { SharedKernels } from "@convoy/core/training";
import type { CompiledReplica } from "@convoy/tfjs/tape";
import type { CompiledReplicaWrapper } from "../src/compiled/session.ts";
import { arm, at, isDue, stall, type InjectedFault } from "./injected_fault.ts";

/**
 * Where in a step. `forward`: before a worker's first shard; `gradient`: after it; `barrier`: after the arrival was counted;
 * `reduce`: in the middle of the first addition; `update`: after the optimizer's step on the thread's own copy; `weights`
 * and `state`: when half of the own slice of them is published. Of the last worker to arrive, whichever it is: `commit`,
 * before the step is counted, and `release`, after that and before the others go on.
 */
export type CompiledFaultPlace =
  | "forward"
  | "gradient"
  | "barrier"
  | "reduce"
  | "update"
  | "weights"
  | "state"
  | "commit"
  | "release"
  | "evaluate";

export type CompiledFault = InjectedFault<CompiledFaultPlace>;

/** Makes one worker go wrong at one place. Loaded by the thread itself: nothing about the fault is pretended. */
const injectFaults: CompiledReplicaWrapper = (session, worker, data) => {
  // The test that posts it is typed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fault = data as CompiledFault;
  arm(fault, worker, session.run.control);
  Object.assign(session, { kernels: faultyKernels(session.kernels) });
  return fault.worker === worker ? faultyReplica(session.replica, fault) : session.replica;
};

export default injectFaults;

function faultyKernels(kernels: SharedKernels): SharedKernels {
  return {
    ...kernels,
    add(target, source, count) {
      kernels.add(target, source, isDue("reduce") ? count >> 1 : count);
      at("reduce");
    },
  };
}

function faultyReplica(replica: CompiledReplica, { kind, milliseconds = 20 }: CompiledFault): CompiledReplica {
  const { values, changing, gradients, statistics, slots } = replica;
  return {
    values,
    changing,
    gradients,
    statistics,
    slots,
    configure: async (optimizer) => replica.configure(optimizer),
    shard(data, shard, out) {
      if (kind === "slow") stall(milliseconds);
      at("forward");
      replica.shard(data, shard, out);
      at("gradient", out, gradients + statistics);
    },
    update(total) {
      replica.update(total);
      at("update");
    },
    readWeights(start, out) {
      replica.readWeights(start, isDue("weights") ? out.subarray(0, out.length >> 1) : out);
      at("weights");
    },
    async readState(start, out) {
      const steps = await replica.readState(start, isDue("state") ? out.subarray(0, out.length >> 1) : out);
      at("state");
      return steps;
    },
    restore: async (weights, steps, state) => replica.restore(weights, steps, state),
    evaluate(data, samples) {
      const scores = replica.evaluate(data, samples);
      at("evaluate");
      return scores;
    },
    dispose: () => replica.dispose(),
  };
}
