import "@tensorflow/tfjs-backend-cpu";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../tensorflow.ts";
import { layerCases } from "./layer_cases.ts";
import { type Gradients, LayerFunction, type Values } from "./layer_gradients.ts";
import { fitModel, layerModel } from "./layer_model.ts";

/** Half the width of a central difference: float32 outputs leave an error of about 1e-7 / h, curvature one of h². */
const h = 1e-3;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Largest difference between a directional derivative and the central difference, of the gradient's length. */
function differenceQuotientError(layer: LayerFunction, values: Values, { gradients }: Gradients): number {
  const draw = new Draw(11);
  const errors = gradients.map((gradient, i) => {
    if (gradient === undefined) return 0;
    const direction = draw.floats(gradient.length);
    const at = (step: number): number =>
      layer.value(values.map((value, j) => (i === j ? value.map((v, k) => v + step * direction[k]) : value)));
    const quotient = (at(h) - at(-h)) / (2 * h);
    return Math.abs(quotient - dot(gradient, direction)) / Math.max(Math.sqrt(dot(gradient, gradient)), 1e-2);
  });
  return Math.max(0, ...errors);
}

/** Largest difference, of the largest number. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const largest = Array.from(b).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}

for (const layerCase of layerCases) {
  test.serial(`${layerCase.name}: outputs, gradients and fit`, async (t) => {
    const tf = await tensorflow();
    if (layerCase.refused !== undefined) {
      const train = (): unknown => {
        const refused = new LayerFunction(tf, layerCase);
        return refused.gradients(refused.draw(5));
      };
      t.throws(train, { message: layerCase.refused });
      return;
    }
    const layer = new LayerFunction(tf, layerCase);
    const values = layer.draw(5);
    const ours = layer.gradients(values);
    await tf.setBackend("cpu");
    const peer = layerCase.notOnCpu === true ? undefined : layer.gradients(values);
    await tf.setBackend("wasm");
    if (peer !== undefined) {
      t.true(distance(ours.output, peer.output) < 1e-5, `output: ${distance(ours.output, peer.output)}`);
      for (const [i, gradient] of ours.gradients.entries()) {
        if (gradient === undefined) continue;
        t.true(distance(gradient, peer.gradients[i] ?? []) < 1e-4, `gradient ${i} beside that of tfjs's CPU backend`);
      }
    }
    const error = differenceQuotientError(layer, values, ours);
    t.true(error < 1e-2, `differs from difference quotients by ${error}`);
    if (layerCase.noFit !== undefined) return;
    const loss = await fitModel(layerModel(tf, layerCase), 2);
    t.true(Number.isFinite(loss), `loss ${loss}`);
  });
}
