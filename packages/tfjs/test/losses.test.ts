// The losses of tfjs-layers and tfjs-core on our kernels: value, and gradient with respect to the predictions.
import { layers as tfLayers, sequential } from "@tensorflow/tfjs-layers";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import test from "ava";
import { numericalGradient } from "@convoy/core/test/numerical_gradient";
import { tensorflow } from "./tensorflow.ts";

const tf = await tensorflow();

type Row = Float64Array;
const size = 4;
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const mean = (values: ArrayLike<number>): number => sum(values) / values.length;
/** f of each true and predicted value of a row. */
const zip = (y: Row, p: Row, f: (y: number, p: number) => number): number[] =>
  Array.from(p, (value, i) => f(y[i], value));
const norm = (v: Row): number => Math.sqrt(sum(v.map((value) => value * value)));
const softmaxCrossEntropy = (y: Row, logits: Row): number => {
  const total = Math.log(sum(logits.map(Math.exp)));
  return sum(zip(y, logits, (label, z) => label * (total - z)));
};
const sigmoidCrossEntropy = (label: number, z: number): number => Math.log1p(Math.exp(z)) - label * z;

const probabilities = [0.1, 0.4, 0.3, 0.2, 0.25, 0.05, 0.6, 0.1, 0.7, 0.15, 0.1, 0.05, 0.2, 0.2, 0.35, 0.25];
const reals = [0.3, -1.2, 0.9, 2.1, -0.4, 0.6, -0.7, 1.4, 0.2, -0.1, 0.8, -1.9, 1.1, 0.45, -0.6, 0.05];
const others = [0.5, -0.2, 1.3, 0.7, 0.9, -1.6, 0.4, 0.1, 1.2, 0.8, -0.9, 0.35, -0.15, 2.2, 0.65, -0.5];
const oneHot = [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1];
const signs = oneHot.map((value) => value * 2 - 1);
const bits = [1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0];

interface Case {
  /** The loss of one row. */
  readonly loss: (y: Row, p: Row) => number;
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
}

const layersLosses: Record<string, Case> = {
  meanSquaredError: { loss: (y, p) => mean(zip(y, p, (a, b) => (a - b) ** 2)), labels: others, predictions: reals },
  meanAbsoluteError: { loss: (y, p) => mean(zip(y, p, (a, b) => Math.abs(a - b))), labels: others, predictions: reals },
  meanAbsolutePercentageError: {
    loss: (y, p) => 100 * mean(zip(y, p, (a, b) => Math.abs(a - b) / Math.abs(a))),
    labels: others,
    predictions: reals,
  },
  meanSquaredLogarithmicError: {
    loss: (y, p) => mean(zip(y, p, (a, b) => (Math.log1p(a) - Math.log1p(b)) ** 2)),
    labels: others.map(Math.abs),
    predictions: probabilities,
  },
  squaredHinge: {
    loss: (y, p) => mean(zip(y, p, (a, b) => Math.max(0, 1 - a * b) ** 2)),
    labels: signs,
    predictions: reals,
  },
  hinge: { loss: (y, p) => mean(zip(y, p, (a, b) => Math.max(0, 1 - a * b))), labels: signs, predictions: reals },
  categoricalHinge: {
    loss: (y, p) => Math.max(0, 1 + Math.max(...zip(y, p, (a, b) => (1 - a) * b)) - sum(zip(y, p, (a, b) => a * b))),
    labels: oneHot,
    predictions: reals,
  },
  logcosh: {
    loss: (y, p) => mean(zip(y, p, (a, b) => Math.log(Math.cosh(b - a)))),
    labels: others,
    predictions: reals,
  },
  categoricalCrossentropy: {
    loss: (y, p) => -sum(zip(y, p, (a, b) => a * Math.log(b / sum(p)))),
    labels: oneHot,
    predictions: probabilities,
  },
  sparseCategoricalCrossentropy: {
    loss: (y, p) => -Math.log(p[y[0]] / sum(p)),
    labels: [1, 2, 0, 3],
    predictions: probabilities,
  },
  binaryCrossentropy: {
    loss: (y, p) => -mean(zip(y, p, (a, b) => a * Math.log(b) + (1 - a) * Math.log(1 - b))),
    labels: bits,
    predictions: probabilities,
  },
  kullbackLeiblerDivergence: {
    loss: (y, p) => sum(zip(y, p, (a, b) => a * Math.log(a / b))),
    labels: probabilities.toReversed(),
    predictions: probabilities,
  },
  poisson: {
    loss: (y, p) => mean(zip(y, p, (a, b) => b - a * Math.log(b + 1e-7))),
    labels: others.map(Math.abs),
    predictions: probabilities,
  },
  cosineProximity: {
    loss: (y, p) => -sum(zip(y, p, (a, b) => a * b)) / norm(y) / norm(p),
    labels: others,
    predictions: reals,
  },
};

/** Mean over the rows, in float64, and its gradient by central differences. */
function reference({ loss, labels, predictions }: Case): { value: number; gradient: Float64Array } {
  const p = Float64Array.from(predictions, Math.fround);
  const y = Float64Array.from(labels, Math.fround);
  const width = y.length / size;
  const value = (): number =>
    mean(
      Array.from({ length: size }, (_, row) =>
        loss(y.subarray(row * width, (row + 1) * width), p.subarray(row * size, (row + 1) * size)),
      ),
    );
  return { value: value(), gradient: numericalGradient(value, p) };
}

const far = (found: ArrayLike<number>, right: ArrayLike<number>): number =>
  Math.max(...Array.from(right, (value, i) => Math.abs(found[i] - value))) /
  Math.max(...Array.from(right, Math.abs), 1);

for (const [name, given] of Object.entries(layersLosses)) {
  test(`tfjs-layers' ${name} and its gradient are float64's`, async (t) => {
    // A dense layer on the identity matrix predicts its own weights; a step of size 1 takes the gradient from them.
    const model = sequential();
    model.add(tfLayers.dense({ units: size, useBias: false, inputShape: [size] }));
    const before = tf.tensor2d([...given.predictions], [size, size]);
    model.setWeights([before]);
    model.compile({ optimizer: tf.train.sgd(1), loss: name });
    const labels = tf.tensor2d([...given.labels], [size, given.labels.length / size]);
    const identity: Tensor2D = tf.eye(size);
    const value = await model.trainOnBatch(identity, labels);
    const gradient = tf.tidy(() => tf.sub(before, model.getWeights()[0]).dataSync());
    const right = reference(given);
    t.true(
      Math.abs(Number(value) - right.value) < 2e-6 * Math.max(1, Math.abs(right.value)),
      `${String(value)} ${right.value}`,
    );
    t.true(far(gradient, right.gradient) < 2e-6, `${gradient.join()} ${right.gradient.join()}`);
    tf.dispose([before, labels, identity]);
    model.dispose();
  });
}

type Loss = (labels: Tensor, predictions: Tensor) => Tensor;
const perRow = (f: (y: number, p: number) => number) => (y: Row, p: Row) => mean(zip(y, p, f));
const coreLosses: Record<string, Case & { readonly run: Loss }> = {
  absoluteDifference: {
    run: (y, p) => tf.losses.absoluteDifference(y, p),
    loss: perRow((a, b) => Math.abs(a - b)),
    labels: others,
    predictions: reals,
  },
  computeWeightedLoss: {
    run: (y, p) => tf.losses.computeWeightedLoss(p, y),
    loss: (y, p) => sum(zip(y, p, (a, b) => a * b)) / (bits.filter(Boolean).length / size),
    labels: bits,
    predictions: reals,
  },
  cosineDistance: {
    run: (y, p) => tf.losses.cosineDistance(y, p, 1),
    loss: (y, p) => 1 - sum(zip(y, p, (a, b) => a * b)),
    labels: others,
    predictions: reals,
  },
  hingeLoss: {
    run: (y, p) => tf.losses.hingeLoss(y, p),
    loss: perRow((a, b) => Math.max(0, 1 - (2 * a - 1) * b)),
    labels: bits,
    predictions: reals,
  },
  huberLoss: {
    run: (y, p) => tf.losses.huberLoss(y, p),
    loss: perRow((a, b) => (Math.abs(a - b) < 1 ? (a - b) ** 2 / 2 : Math.abs(a - b) - 0.5)),
    labels: others,
    predictions: reals,
  },
  logLoss: {
    run: (y, p) => tf.losses.logLoss(y, p),
    loss: perRow((a, b) => -a * Math.log(b + 1e-7) - (1 - a) * Math.log(1 - b + 1e-7)),
    labels: bits,
    predictions: probabilities,
  },
  meanSquaredError: {
    run: (y, p) => tf.losses.meanSquaredError(y, p),
    loss: perRow((a, b) => (a - b) ** 2),
    labels: others,
    predictions: reals,
  },
  sigmoidCrossEntropy: {
    run: (y, p) => tf.losses.sigmoidCrossEntropy(y, p),
    loss: perRow(sigmoidCrossEntropy),
    labels: bits,
    predictions: reals,
  },
  softmaxCrossEntropy: {
    run: (y, p) => tf.losses.softmaxCrossEntropy(y, p),
    loss: softmaxCrossEntropy,
    labels: oneHot,
    predictions: reals,
  },
};

for (const [name, given] of Object.entries(coreLosses)) {
  test(`tf.losses.${name} and its gradient are float64's`, (t) => {
    tf.tidy(() => {
      const labels = tf.tensor2d([...given.labels], [size, size]);
      const predictions = tf.tensor2d([...given.predictions], [size, size]);
      const { value, grad } = tf.valueAndGrad((p: Tensor) => given.run(labels, p))(predictions);
      const right = reference(given);
      t.true(Math.abs(value.dataSync()[0] - right.value) < 2e-6, `${value.dataSync()[0]} ${right.value}`);
      t.true(far(grad.dataSync(), right.gradient) < 2e-6, `${grad.dataSync().join()} ${right.gradient.join()}`);
    });
  });
}
