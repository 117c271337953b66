import { decodeCheckpoint, encodeCheckpoint, sgd, type Checkpoint } from "@convoy/core/training";
import test from "ava";
import { disturbed } from "../../test/disturbed_training.ts";
import type { Fault } from "../../test/inject_faults.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { codes } from "../../test/trainer_with_fault.ts";
import { fit } from "./fit.ts";

/** Momentum is a second vector: a copy can be half made. */
const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });

const faults: readonly (Omit<Fault, "shared"> & { readonly title: string; readonly everySteps: number })[] = [
  { title: "exits in the middle of its update", kind: "exit", place: "update", worker: 1, step: 13, everySteps: 3 },
  // Main looks many times before it finds the hang.
  { title: "stalls with a copy half made", kind: "stall", place: "copy", worker: 0, step: 7, everySteps: 7 },
  { title: "exits with a copy half made", kind: "exit", place: "copy", worker: 0, step: 7, everySteps: 7 },
];

for (const { title, everySteps, ...fault } of faults) {
  test.serial(`each checkpoint of a run in which a worker ${title} resumes to the undisturbed bits`, async (t) => {
    const saved: Checkpoint[] = [];
    const save = (checkpoint: Checkpoint): void => void saved.push(decodeCheckpoint(encodeCheckpoint(checkpoint)));
    const checkpoint = { everySteps, save };
    const { result, faults: told } = await disturbed(fault, { optimizer, workers: 2, checkpoint });
    t.log(`saved after steps ${saved.map(({ step }) => step).join(", ")}`);
    t.like(told, { length: 1, 0: { code: codes[fault.kind], restart: 1 } });
    const expected = await fit(smallNetwork(), bands(640), { epochs: 2, optimizer });
    t.is(result.weightsSha256, expected.weightsSha256);
    t.is(saved[0].step, 0);
    t.is(saved.at(-1)?.step, 20);
    t.like(result.checkpoints, { step: 20, failure: undefined });
    for (const resumeFrom of saved) {
      // One run after the other: all want the same cores.
      // oxlint-disable-next-line no-await-in-loop
      const resumed = await fit(smallNetwork(), bands(640), { epochs: 2, optimizer, workers: 1, resumeFrom });
      t.is(resumed.weightsSha256, expected.weightsSha256, `from step ${resumeFrom.step}`);
    }
  });
}
