// Builds another model than the tests train.
import { perceptron } from "../compiled_models.ts";

export default function build(): ReturnType<typeof perceptron> {
  const model = perceptron();
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}
