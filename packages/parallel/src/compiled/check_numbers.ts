import type { LayersModel } from "@tensorflow/tfjs-layers";
import { ParallelError } from "../errors.ts";
import { takesClassNumbers, type SharedSamples } from "./samples.ts";

/**
 * Refuses numbers that count as none in tfjs: of classes that an output does not have, and of rows that an embedding does
 * not have.
 *
 * @param what the data is, for messages
 * @throws `FIT_DATA` naming the sample
 */
export function checkNumbers(model: LayersModel, { x, y }: SharedSamples, what: string): void {
  for (const [i, { values, shape }] of y.entries()) {
    if (!takesClassNumbers(model, i)) continue;
    const classes = model.outputs[i].shape.at(-1);
    check(values, shape, classes, `y of ${what} for ${model.outputNames[i]}`, "sparseCategoricalCrossentropy");
  }
  for (const [i, { values, shape }] of x.entries()) {
    const reader = model.layers.find(
      (layer) => layer.getClassName() === "Embedding" && layer.inboundNodes[0].inputTensors[0] === model.inputs[i],
    );
    const rows = reader?.getConfig()["inputDim"] as number | undefined;
    check(values, shape, rows, `x of ${what} for ${model.inputNames[i]}`, `the embedding ${reader?.name}`);
  }
}

function check(
  values: Float32Array | Int32Array | Uint8Array,
  shape: readonly number[],
  count: number | null | undefined,
  what: string,
  reader: string,
): void {
  if (count === null || count === undefined) return;
  const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < count));
  if (wrong < 0) return;
  const sample = Math.floor(wrong / shape.reduce((size, length) => size * length, 1));
  throw new ParallelError(
    "FIT_DATA",
    `${what}: sample ${sample} has ${values[wrong]}; ${reader} takes whole numbers from 0 to ${count - 1}.`,
  );
}
