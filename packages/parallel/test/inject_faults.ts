import type { MinibatchPart, Replica, SharedKernels } from "@convoy/core/training";
import type { Layout } from "../src/plan/layout.ts";
import type { ReplicaWrapper, Session } from "../src/worker/session.ts";
import { arm, at, isDue, stall, type InjectedFault } from "./injected_fault.ts";

/**
 * Where in a step. `gather`: between two images; `forward`: after the forward pass; `gradient`: after the worker's first
 * gradient; `publish`: when its sum is published and not counted yet; `barrier`: after it was counted; `reduce`: in the middle of the first addition; `update`: in the
 * middle of the optimizer's pass over the slice. Of the last worker to arrive, whichever it is: `commit`, before the step
 * is counted, `release`, after that and before the others go on, and `copy`, when a copy of the run is half made.
 */
export type FaultPlace =
  | "gather"
  | "forward"
  | "gradient"
  | "publish"
  | "barrier"
  | "reduce"
  | "update"
  | "commit"
  | "release"
  | "copy"
  | "evaluate";

export type Fault = InjectedFault<FaultPlace>;

/** Of the run of the task that this thread has. */
let layout: Layout | undefined;
const originals = new WeakMap<Session, SharedKernels>();

/** Makes one worker go wrong at one place. Loaded by the thread itself: nothing about the fault is pretended. */
const injectFaults: ReplicaWrapper = (session, worker, data) => {
  // The test that posts it is typed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fault = data as Fault;
  arm(fault, worker, session.control, true);
  layout = session.run.layout;
  const kernels = originals.get(session) ?? session.kernels;
  originals.set(session, kernels);
  Object.assign(session, { kernels: faultyKernels(kernels) });
  // Whoever is free does the work of one that is slow: for a slow run all must be.
  const isFaulty = fault.kind === "slow" || fault.worker === worker;
  return isFaulty ? faultyReplica(session.replica, fault) : session.replica;
};

export default injectFaults;

function faultyReplica(replica: Replica, fault: Fault): Replica {
  return {
    parameterCount: replica.parameterCount,
    classes: replica.classes,
    capacity: replica.capacity,
    load: (parameters) => replica.load(parameters),
    gradient(part, out) {
      if (fault.kind === "slow") stall(fault.milliseconds ?? 20);
      replica.gradient(faultyPart(part), out);
      at("gradient", out, replica.parameterCount);
    },
    predict(images, start, count, out) {
      replica.predict(images, start, count, out);
      at("evaluate");
    },
    dispose: () => replica.dispose(),
  };
}

/** The replica reads `order` for each image as it gathers, and `minibatchSize` for the loss, after the forward pass. */
function faultyPart(part: MinibatchPart): MinibatchPart {
  let gathered = 0;
  const order = new Proxy(part.order, {
    get(target, key) {
      if (gathered++ === 1) at("gather");
      const value: unknown = Reflect.get(target, key, target);
      return value;
    },
  });
  return {
    ...part,
    order,
    get minibatchSize() {
      at("forward");
      return part.minibatchSize;
    },
  };
}

/** The last addition and the update are one call. */
function placeOfUpdate(addend: number): "reduce" | "update" {
  return addend !== 0 && isDue("reduce") ? "reduce" : "update";
}

function faultyKernels(kernels: SharedKernels): SharedKernels {
  return {
    finite: (p, count) => kernels.finite(p, count),
    add(target, source, count) {
      if (!isDue("reduce")) return kernels.add(target, source, count);
      kernels.add(target, source, count >> 1);
      at("reduce");
    },
    sgd: faultyUpdate(kernels.sgd),
    adam: faultyUpdate(kernels.adam),
  };
}

function faultyUpdate(update: SharedKernels["sgd"]): SharedKernels["sgd"] {
  return (gradient, addend, parameters, m, v, nextParameters, nextM, nextV, count, ...scalars) => {
    const place = placeOfUpdate(addend);
    const half = isDue(place) ? count >> 1 : count;
    const finite = update(gradient, addend, parameters, m, v, nextParameters, nextM, nextV, half, ...scalars);
    at(place);
    return finite;
  };
}

const typedArrays: Float32Array = Object.getPrototypeOf(Float32Array.prototype);
// It is called on the array that it was called on.
// oxlint-disable-next-line typescript/unbound-method
const { set } = typedArrays;
Object.assign(typedArrays, {
  set(this: Float32Array, ...args: Parameters<typeof set>): void {
    set.apply(this, args);
    // Not by the buffer: each task brings another object for the same memory.
    if (this.buffer instanceof SharedArrayBuffer && this.byteOffset === layout?.snapshot[0]) at("copy");
  },
});
