import type { Optimizer } from "@convoy/core";
import type { ExecutionContext } from "ava";
import type { FaultEvent } from "../src/fit/events.ts";
import { fit } from "../src/fit/fit.ts";
import type { FitOptions } from "../src/fit/options.ts";
import type { FitResult } from "../src/fit/result.ts";
import type { Fault } from "./inject_faults.ts";
import { bands, smallNetwork } from "./small_network.ts";
import { codes, trainerWithFault } from "./trainer_with_fault.ts";

const module = import.meta.resolve("./inject_faults.ts");

/** 10 steps an epoch. */
const data = bands(640);
/** 5 chunks: each worker has one. */
const test = bands(300);
const epochs = 2;

const references = new Map<string, Promise<FitResult>>();

/** By one worker, whom nothing happens to. */
async function undisturbed(optimizer: Optimizer): Promise<FitResult> {
  const key = JSON.stringify(optimizer);
  const reference = references.get(key) ?? fit(smallNetwork(), data, { epochs, test, optimizer, workers: 1 });
  references.set(key, reference);
  return reference;
}

/** Trains with a fault that happens `times` in all, and gives what was told of it. */
export async function disturbed(
  fault: Omit<Fault, "shared">,
  options: FitOptions,
): Promise<{ result: FitResult; faults: FaultEvent[]; weights: string }> {
  const trainer = trainerWithFault(module, fault, 64);
  const faults: FaultEvent[] = [];
  const model = smallNetwork();
  const result = await trainer(model, data, {
    epochs,
    test,
    ...options,
    onEvent: (event) => event.event === "fault" && faults.push(event),
  });
  return { result, faults, weights: model.weightsSha256() };
}

/** One fault, told once, after which weights, losses and accuracies are those of the undisturbed run. */
export async function survives(
  t: ExecutionContext,
  fault: Omit<Fault, "shared">,
  optimizer: Optimizer,
  workers: number,
): Promise<void> {
  const { result, faults, weights } = await disturbed(fault, { optimizer, workers });
  const reference = await undisturbed(optimizer);
  const what = `${JSON.stringify(fault)}, ${workers} workers, ${optimizer.kind}`;
  t.is(weights, reference.weightsSha256, what);
  t.is(result.weightsSha256, reference.weightsSha256, what);
  t.is(result.steps, reference.steps, what);
  t.deepEqual(numbers(result), numbers(reference), what);
  const place = faults.map(({ code, restart, worker, phase }) => ({ code, restart, worker, phase }));
  const anyWorker = fault.place === "commit" || fault.place === "release";
  t.deepEqual(
    place,
    [
      {
        code: codes[fault.kind]!,
        restart: 1,
        worker: anyWorker ? place[0]?.worker : fault.worker,
        phase: fault.place === "evaluate" ? "evaluate" : "train",
      },
    ],
    what,
  );
}

/** All of the history that does not depend on the clock. */
function numbers({ history }: FitResult): unknown {
  return history.map(({ epoch, loss, trainAccuracy, evaluation }) => ({ epoch, loss, trainAccuracy, evaluation }));
}
