// Trains with `progress: true`; its standard error is what is shown. Argument: images, or samples of a tfjs-layers model.
import process from "node:process";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { fit } from "../src/index.ts";
import { bands, smallNetwork } from "./small_network.ts";
import { tensorflow } from "./tensorflow.ts";

const options = { epochs: 2, workers: 2, progress: true };
if (process.argv[2] === "images") {
  const { epochs } = await fit(smallNetwork(), bands(64), { ...options, test: bands(8) });
  process.stdout.write(`${epochs}\n`);
} else {
  const tf = await tensorflow();
  const model = sequential({ layers: [layers.dense({ inputShape: [4], units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const data = { x: tf.ones([64, 4]), y: tf.zeros([64, 1]) };
  await fit(model, data, { ...options, validationData: data });
}
