import { train } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { ExecutionContext } from "ava";
import type { LayersFitResult } from "../src/compiled/result.ts";
import type { LayersFitOptions } from "../src/compiled/options.ts";
import type { FaultEvent } from "../src/fit/events.ts";
import { fit } from "../src/fit/fit.ts";
import { convolution, pictures, weightsOf } from "./compiled_models.ts";
import type { CompiledFault } from "./inject_compiled_faults.ts";
import { codes, trainerWithFault } from "./trainer_with_fault.ts";

const module = import.meta.resolve("./inject_compiled_faults.ts");

/** 5 steps an epoch, the last of them shorter, of 4 shards. */
const data = pictures(150);
/** 4 minibatches: each worker has one. */
const validationData = pictures(100);
const options = { epochs: 2, batchSize: 32, shards: 4, validationData };

/** Each remembers something else; SGD nothing but its count. */
export const compiledOptimizers = {
  sgd: () => train.sgd(0.05),
  momentum: () => train.momentum(0.01, 0.9),
  adagrad: () => train.adagrad(0.05),
  adadelta: () => train.adadelta(0.5),
  rmsprop: () => train.rmsprop(0.01, 0.9, 0.5, undefined, true),
  adam: () => train.adam(0.01),
  adamax: () => train.adamax(0.01, 0.9, 0.99, 1e-7, 0.01),
};
export type OptimizerName = keyof typeof compiledOptimizers;

/** Batch normalization has moving statistics; dropout draws by step. */
export function compiledConvolution(optimizer: OptimizerName): tfl.LayersModel {
  const model = convolution();
  model.compile({
    optimizer: compiledOptimizers[optimizer](),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

interface Trained {
  readonly told: Pick<LayersFitResult, "epoch" | "history" | "steps" | "weightsSha256">;
  readonly weights: number[];
}

/** By one worker, whom nothing happens to. */
const references = new Map<OptimizerName, Promise<Trained>>();

async function trained(optimizer: OptimizerName, fitOnce: typeof fit, more: LayersFitOptions): Promise<Trained> {
  const model = compiledConvolution(optimizer);
  const { epoch, history, steps: whole, weightsSha256 } = await fitOnce(model, data, { ...options, ...more });
  return { told: { epoch, history, steps: whole, weightsSha256 }, weights: weightsOf(model) };
}

/** One fault, told once, after which weights and history are those of the undisturbed run. */
export async function compiledSurvives(
  t: ExecutionContext,
  fault: Omit<CompiledFault, "shared">,
  optimizer: OptimizerName,
  workers: number,
): Promise<void> {
  const faults: FaultEvent[] = [];
  const disturbed = await trained(optimizer, trainerWithFault(module, fault, 128), {
    workers,
    onEvent: (event) => event.event === "fault" && faults.push(event),
  });
  const reference = references.get(optimizer) ?? trained(optimizer, fit, { workers: 1 });
  references.set(optimizer, reference);
  const what = `${JSON.stringify(fault)}, ${workers} workers, ${optimizer}`;
  t.deepEqual(disturbed, await reference, what);
  const told = faults.map(({ code, restart, worker, phase }) => ({ code, restart, worker, phase }));
  const anyWorker = fault.place === "commit" || fault.place === "release";
  const worker = anyWorker ? told[0]?.worker : fault.worker;
  const phase = fault.place === "evaluate" ? "evaluate" : "train";
  t.deepEqual(told, [{ code: codes[fault.kind]!, restart: 1, worker, phase }], what);
}
