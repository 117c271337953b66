import type { Optimizer, Tensor, Variable } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();
const steps = 10;

/** Gradients of six weights in ten steps; one is 0 all along, one in every other step. */
const gradients = Array.from({ length: steps }, (_, step) =>
  Float64Array.from([0, step % 2, 3, -0.01, Math.sin(step), 1e-3 * step], Math.fround),
);
const start = [0.5, -1, 2, 0.25, -0.125, 1];

/** One weight's formula: takes the gradient, keeps its own moments, gives what is added to the weight. */
type Formula = () => (g: number, t: number) => number;

const adam =
  (rate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7): Formula =>
  () => {
    let m = 0;
    let v = 0;
    return (g, t) => {
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      return (-rate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
    };
  };

const rmsProp =
  (rate: number, momentum: number, centred: boolean, decay = 0.9, epsilon = 1e-7): Formula =>
  () => {
    let s = 0;
    let a = 0;
    let m = 0;
    return (g) => {
      s = decay * s + (1 - decay) * g * g;
      a = decay * a + (1 - decay) * g;
      m = momentum * m + (rate * g) / Math.sqrt(s - (centred ? a * a : 0) + epsilon);
      return -m;
    };
  };

const momentum =
  (rate: number, factor: number, nesterov: boolean): Formula =>
  () => {
    let m = 0;
    return (g) => {
      m = factor * m + g;
      return -rate * (nesterov ? g + factor * m : m);
    };
  };

const adamax: Formula = () => {
  let m = 0;
  let u = 0;
  return (g, t) => {
    m = 0.9 * m + 0.1 * g;
    u = Math.max(0.999 * u, Math.abs(g));
    return ((-0.01 / (1 - 0.9 ** t)) * m) / (u + 1e-7);
  };
};

const adagrad: Formula = () => {
  let s = 0.1;
  return (g) => {
    s += g * g;
    return (-0.01 * g) / Math.sqrt(s + 1e-7);
  };
};

/** As tfjs's own tests want it: divided by the squares before this step's, where Zeiler's paper has those after it. */
const adadelta: Formula = () => {
  let s = 0;
  let d = 0;
  return (g) => {
    const update = (Math.sqrt(d + 1e-7) / Math.sqrt(s + 1e-7)) * g;
    s = 0.95 * s + 0.05 * g * g;
    d = 0.95 * d + 0.05 * update * update;
    return -0.01 * update;
  };
};

function apply(optimizer: Optimizer, weights: Variable, gradient: Tensor): void {
  optimizer.applyGradients([{ name: weights.name, tensor: gradient }]);
}

function train(optimizer: Optimizer): Float32Array {
  const weights = tf.variable(tf.tensor1d(start));
  for (const gradient of gradients) {
    const tensor = tf.tensor1d(Float32Array.from(gradient));
    apply(optimizer, weights, tensor);
    tensor.dispose();
  }
  const values = weights.dataSync<"float32">();
  weights.dispose();
  optimizer.dispose();
  return values;
}

function follows(t: ExecutionContext, optimizer: Optimizer, formula: Formula): void {
  const found = train(optimizer);
  const right = start.map((value, i) => {
    const change = formula();
    return gradients.reduce((weight, gradient, step) => weight + change(gradient[i], step + 1), value);
  });
  for (const [i, value] of right.entries()) {
    t.true(Math.abs(found[i] - value) < 2e-6 * Math.max(1, Math.abs(value)), `weight ${i}: ${found[i]} ${value}`);
  }
}

const cases: Record<string, [() => Optimizer, Formula]> = {
  SGD: [() => tf.train.sgd(0.1), momentum(0.1, 0, false)],
  momentum: [() => tf.train.momentum(0.1, 0.9), momentum(0.1, 0.9, false)],
  "Nesterov's momentum": [() => tf.train.momentum(0.1, 0.9, true), momentum(0.1, 0.9, true)],
  Adam: [() => tf.train.adam(0.01), adam(0.01)],
  "Adam with betas of one's own": [() => tf.train.adam(0.01, 0.5, 0.75, 1e-3), adam(0.01, 0.5, 0.75, 1e-3)],
  Adamax: [() => tf.train.adamax(0.01), adamax],
  RMSProp: [() => tf.train.rmsprop(0.01, 0.9, 0, 1e-7), rmsProp(0.01, 0, false)],
  "RMSProp with momentum": [() => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7), rmsProp(0.01, 0.5, false)],
  "centred RMSProp": [() => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-3, true), rmsProp(0.01, 0.5, true, 0.9, 1e-3)],
  Adagrad: [() => tf.train.adagrad(0.01), adagrad],
  Adadelta: [() => tf.train.adadelta(0.01, 0.95, 1e-7), adadelta],
};

for (const [name, [make, formula]] of Object.entries(cases)) {
  test.serial(`ten steps of ${name} are float64's, with gradients that are 0 too`, (t) => {
    follows(t, make(), formula);
  });
}

test.serial("centred RMSProp stays finite where rounding takes the variance of a constant gradient below 0", (t) => {
  const optimizer = tf.train.rmsprop(0.01, 0.9, 0, 1e-9, true);
  const weights = tf.variable(tf.tensor1d([1, 1, 1, 1]));
  const gradient = tf.tensor1d([100, 3, 0.1, 777.7]);
  for (let i = 0; i < 300; i++) apply(optimizer, weights, gradient);
  t.true(weights.dataSync().every((value) => Number.isFinite(value)));
  tf.dispose([weights, gradient]);
  optimizer.dispose();
});

test.serial("an optimizer saves its moments under tfjs's names, and goes on from them", async (t) => {
  for (const make of [() => tf.train.adam(0.01), () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-3, true)]) {
    const weights = tf.variable(tf.tensor1d(start));
    const gradient = tf.tensor1d([1, 2, 3, 4, 5, 6]);
    const [first, second] = [make(), make()];
    apply(first, weights, gradient);
    const saved = (await first.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
    t.true(saved.some(({ name }) => name === `${weights.name}/${first.getClassName() === "Adam" ? "m" : "mg"}`));
    const copy = weights.clone();
    apply(first, weights, gradient);
    const right = weights.dataSync();
    weights.assign(copy);
    await second.setWeights(saved);
    apply(second, weights, gradient);
    t.deepEqual([...weights.dataSync()], [...right]);
    tf.dispose([weights, gradient, copy]);
    first.dispose();
  }
});

test.serial("steps keep no tensor, and a gradient that is missing or of another shape goes as in tfjs", (t) => {
  const optimizer = tf.train.adam(0.01);
  const weights = tf.variable(tf.tensor1d([1, 2]));
  const gradient = tf.tensor1d([1, 1]);
  apply(optimizer, weights, gradient);
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
  for (let i = 0; i < 5; i++) optimizer.applyGradients([{ name: weights.name, tensor: gradient }]);
  t.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], before);
  const values = [...weights.dataSync()];
  optimizer.applyGradients([{ name: weights.name, tensor: null as never }]);
  t.deepEqual([...weights.dataSync()], values);
  const matrix = tf.ones([2, 2]);
  t.throws(() => apply(optimizer, weights, matrix), { message: /must match/ });
  tf.dispose([weights, gradient, matrix]);
  optimizer.dispose();
});

for (const make of [() => tf.train.adam(0.1), () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true)]) {
  test.serial(`${make().getClassName()} that trained weights of another shape before is refused, as by tfjs`, (t) => {
    const optimizer = make();
    const [before, after] = [tf.variable(tf.ones([2])), tf.variable(tf.ones([300, 300]))];
    apply(optimizer, before, tf.ones([2]));
    t.throws(() => apply(optimizer, after, tf.ones([300, 300])), { message: /broadcast|shape/ });
    for (const each of [before, after]) each.dispose();
  });
}
