import type { Tensor } from "@tensorflow/tfjs-core";
import { layers, type Sequential, sequential } from "@tensorflow/tfjs-layers";
import { Draw } from "@convoy/core/test/draw";
import type { tensorflow } from "../tensorflow.ts";
import type { LayerCase } from "./layer_cases.ts";
import { batch, count } from "./layer_gradients.ts";

type TensorFlow = Awaited<ReturnType<typeof tensorflow>>;

/** A compiled model of a layer and a dense one after it, with one minibatch. */
export interface LayerModel {
  readonly model: Sequential;
  readonly x: Tensor;
  readonly y: Tensor;
}

export function layerModel(tf: TensorFlow, { make, inputShape, ids }: LayerCase): LayerModel {
  const model = sequential();
  const first = make();
  // A model takes its input's shape from its first layer.
  Object.assign(first, { batchInputShape: [null, ...inputShape], dtype: "float32" });
  model.add(first);
  if (model.outputs[0].rank > 2) model.add(layers.flatten());
  model.add(layers.dense({ units: 2 }));
  model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
  const draw = new Draw(7);
  const length = batch * count(inputShape);
  const values = ids === undefined ? draw.floats(length) : Array.from({ length }, () => draw.integer(0, ids - 1));
  return { model, x: tf.tensor(Float32Array.from(values), [batch, ...inputShape]), y: tf.ones([batch, 2]) };
}

/** Loss after some steps of tfjs's own fit on the one minibatch. */
export async function fitModel({ model, x, y }: LayerModel, steps: number): Promise<number> {
  const { history } = await model.fit(x, y, { epochs: steps, yieldEvery: "never" });
  return Number(history["loss"].at(-1));
}
