import test from "ava";
import { instantiateSharedKernels } from "../backend/shared_kernels.ts";
import { adam } from "../../network/optimizers/adam.ts";
import { applyOptimizer } from "./apply.ts";
import { type Optimizer, stateCount } from "../../network/optimizers/optimizers.ts";
import { sgd } from "../../network/optimizers/sgd.ts";

/** Two generations of parameters and state in shared memory, and steps from one to the other. */
function training(optimizer: Optimizer, start: readonly number[], room = start.length) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const kernels = instantiateSharedKernels(memory);
  const states = stateCount(optimizer);
  const vectors = Array.from({ length: 4 + 2 * states }, (_, i) => new Float32Array(memory.buffer, i * room * 4, room));
  const [gradient, addend] = vectors;
  let now = vectors.slice(2, 3 + states);
  let next = vectors.slice(3 + states);
  now[0].set(start);
  let steps = 0;
  return {
    bytes: new Uint8Array(memory.buffer),
    get parameters() {
      return now[0];
    },
    get state() {
      return now.slice(1);
    },
    get previous() {
      return next;
    },
    /** `cuts` splits the vector into slices, as workers do. Returns of each whether it is finite. */
    step(values: readonly number[], cuts: readonly number[] = [], added?: readonly number[]): boolean[] {
      gradient.set(values);
      addend.set(added ?? []);
      steps++;
      const bounds = [0, ...cuts, room];
      const finite: boolean[] = [];
      for (let i = 0; i + 1 < bounds.length; i++) {
        const from = bounds[i];
        const address = (vector: Float32Array) => vector.byteOffset + from * 4;
        const slice = {
          gradient: address(gradient),
          addend: added === undefined ? undefined : address(addend),
          parameters: address(now[0]),
          nextParameters: address(next[0]),
          state: now.slice(1).map(address),
          nextState: next.slice(1).map(address),
          count: bounds[i + 1] - from,
          step: steps,
        };
        finite.push(applyOptimizer(optimizer, kernels, slice));
      }
      [now, next] = [next, now];
      return finite;
    },
  };
}

/** PyTorch's SGD in float64. */
function sgdReference(o: ReturnType<typeof sgd>, start: readonly number[], gradients: readonly number[][]): number[] {
  return start.map((first, i) => {
    let w = first;
    let velocity: number | undefined;
    for (const gradient of gradients) {
      let direction = gradient[i] + o.weightDecay * w;
      if (o.momentum !== 0) {
        velocity = velocity === undefined ? direction : o.momentum * velocity + direction;
        direction = o.nesterov ? direction + o.momentum * velocity : velocity;
      }
      w -= o.learningRate * direction;
    }
    return w;
  });
}

/** Algorithm 1 of Kingma & Ba in float64, with its bias-corrected means written out. */
function adamReference(o: ReturnType<typeof adam>, start: readonly number[], gradients: readonly number[][]): number[] {
  return start.map((first, i) => {
    let [w, m, v] = [first, 0, 0];
    for (const [t, gradient] of gradients.entries()) {
      const g = gradient[i] + o.weightDecay * w;
      m = o.beta1 * m + (1 - o.beta1) * g;
      v = o.beta2 * v + (1 - o.beta2) * g ** 2;
      const meanHat = m / (1 - o.beta1 ** (t + 1));
      const squareHat = v / (1 - o.beta2 ** (t + 1));
      w -= (o.learningRate * meanHat) / (Math.sqrt(squareHat) + o.epsilon);
    }
    return w;
  });
}

const start = Array.from({ length: 11 }, (_, i) => Math.cos(i * 2.3));
const gradients = Array.from({ length: 10 }, (_w, t) => start.map((_, i) => Math.sin(1 + t * 1.7 + i * 0.9) / (1 + i)));

test("one SGD step by hand", (t) => {
  const run = training(sgd({ learningRate: 0.5 }), [1, -2]);
  run.step([2, 4]);
  t.deepEqual([...run.parameters], [0, -4]);
});

test("two SGD steps with momentum and weight decay by hand", (t) => {
  const run = training(sgd({ learningRate: 0.5, momentum: 0.5, weightDecay: 0.25 }), [4]);
  run.step([1]); // g = 1 + 0.25 · 4 = 2, v = 2, w = 4 - 1
  t.deepEqual([...run.state[0], ...run.parameters], [2, 3]);
  run.step([0.25]); // g = 0.25 + 0.75 = 1, v = 1 + 1 = 2, w = 3 - 1
  t.deepEqual([...run.state[0], ...run.parameters], [2, 2]);
});

test("two Nesterov steps by hand", (t) => {
  const run = training(sgd({ learningRate: 1, momentum: 0.5, nesterov: true }), [0]);
  run.step([1]); // v = 1, w = -(1 + 0.5)
  t.is(run.parameters[0], -1.5);
  run.step([1]); // v = 1.5, w = -1.5 - (1 + 0.75)
  t.is(run.parameters[0], -3.25);
});

test("the first Adam step is the learning rate against the gradient's sign", (t) => {
  const run = training(adam({ learningRate: 0.125, epsilon: 1e-12 }), [1, 1, 1]);
  run.step([1000, -0.001, 0]);
  for (const [i, expected] of [0.875, 1.125, 1].entries()) t.true(Math.abs(run.parameters[i] - expected) < 1e-7);
});

test("one Adam step with half betas by hand", (t) => {
  const run = training(adam({ learningRate: 1, beta1: 0.5, beta2: 0.75, epsilon: 2 }), [10]);
  run.step([4]); // m = 2, v = 4, corrected 4 and 16, w = 10 - 4 / (4 + 2)
  t.deepEqual([run.state[0][0], run.state[1][0]], [2, 4]);
  t.true(Math.abs(run.parameters[0] - 28 / 3) < 1e-6);
});

for (const optimizer of [
  sgd({ learningRate: 0.1 }),
  sgd({ learningRate: 0.1, momentum: 0.9 }),
  sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  sgd({ learningRate: 0.1, weightDecay: 0.1 }),
]) {
  test(`ten steps agree with SGD in float64: ${JSON.stringify(optimizer)}`, (t) => {
    const run = training(optimizer, start);
    for (const gradient of gradients) run.step(gradient);
    closeTo(t, run.parameters, sgdReference(optimizer, start, gradients));
  });
}

for (const optimizer of [adam(), adam({ learningRate: 0.05, beta1: 0.8, beta2: 0.95, weightDecay: 0.1 })]) {
  test(`ten steps agree with Adam in float64: ${JSON.stringify(optimizer)}`, (t) => {
    const run = training(optimizer, start);
    for (const gradient of gradients) run.step(gradient);
    closeTo(t, run.parameters, adamReference(optimizer, start, gradients));
  });
}

test("Adam's bias correction still holds after 100,000 steps", (t) => {
  const kernels = {
    sgd: () => 1,
    add() {},
    finite: () => 1,
    adam: (...numbers: number[]) => seen.push(...numbers.slice(-2)),
  };
  const seen: number[] = [];
  const slice = { gradient: 0, parameters: 0, nextParameters: 0, state: [0, 0], nextState: [0, 0], count: 0 };
  applyOptimizer(adam(), kernels, { ...slice, step: 1000 });
  applyOptimizer(adam(), kernels, { ...slice, step: 100_000 });
  // 0.999^1000 = e^(1000 ln 0.999) = 0.36769542477…
  t.true(Math.abs(seen[1] - (1 - 0.367695424770964)) < 1e-12);
  t.deepEqual([seen[0], seen[2], seen[3]], [1, 1, 1]);
});

for (const optimizer of [
  sgd({ momentum: 0.9, weightDecay: 0.01, nesterov: true }),
  sgd(),
  adam({ weightDecay: 0.01 }),
]) {
  test(`${JSON.stringify(optimizer)} tells of a gradient, or of parameters, that are not finite`, (t) => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      for (let at = 0; at < start.length; at++) {
        t.deepEqual(training(optimizer, start).step(gradients[0]), [true]);
        t.deepEqual(training(optimizer, start).step(gradients[0].with(at, bad)), [false], `gradient ${bad} at ${at}`);
        t.deepEqual(training(optimizer, start.with(at, bad)).step(gradients[0]), [false], `parameter ${bad} at ${at}`);
        const cut = training(optimizer, start).step(gradients[0].with(at, bad), [5]);
        t.deepEqual(cut, [at >= 5, at < 5], `gradient ${bad} at ${at}, in two slices`);
      }
    }
  });

  test(`${JSON.stringify(optimizer)} gives the same bits however the vector is cut`, (t) => {
    const values = Array.from({ length: 41 }, (_, i) => Math.sin(i * 3.1));
    const slopes = Array.from({ length: 3 }, (_w, s) => values.map((_, i) => Math.cos(i * 1.3 + s) / 7));
    const whole = training(optimizer, values);
    for (const slope of slopes) whole.step(slope);
    for (const cuts of [[1], [3, 6, 7], [20], [2, 15, 15, 40], Array.from({ length: 40 }, (_, i) => i + 1)]) {
      const cut = training(optimizer, values);
      for (const slope of slopes) cut.step(slope, cuts);
      t.deepEqual(cut.bytes, whole.bytes, `cut at ${cuts.join()}`);
    }
  });

  test(`${JSON.stringify(optimizer)} gives the same bits for a gradient in two parts as for their sum`, (t) => {
    const values = Array.from({ length: 23 }, (_, i) => Math.sin(i * 3.1));
    const [whole, inParts] = [training(optimizer, values), training(optimizer, values)];
    for (let step = 0; step < 3; step++) {
      const parts = [1.3, 2.9].map((f) => Float32Array.from(values, (_, i) => Math.cos(i * f + step) / 7));
      const sum = Float32Array.from(values, (_, i) => parts[0][i] + parts[1][i]);
      whole.step([...sum], [6]);
      inParts.step([...parts[0]], [6], [...parts[1]]);
    }
    t.deepEqual(inParts.parameters, whole.parameters);
    t.deepEqual(inParts.state, whole.state);
    t.deepEqual(inParts.step([...start], [], [...start].with(3, Infinity)), [false]);
  });

  test(`${JSON.stringify(optimizer)} leaves what it reads`, (t) => {
    const run = training(optimizer, start);
    run.step(gradients[0]);
    const before = [run.parameters, ...run.state].map((vector) => vector.slice());
    run.step(gradients[1]);
    t.deepEqual(run.previous, before);
  });
}

test("momentum 0 neither reads nor writes a velocity", (t) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3, 4, 5, 5, 4, 3, 2, 1]);
  const outside = [1 << 30];
  const slice = { gradient: 20, parameters: 0, nextParameters: 40, count: 5, step: 1 };
  const kernels = instantiateSharedKernels(memory);
  applyOptimizer(sgd({ learningRate: 1 }), kernels, { ...slice, state: outside, nextState: outside });
  t.deepEqual([...floats.subarray(0, 16)], [1, 2, 3, 4, 5, 5, 4, 3, 2, 1, -4, -2, 0, 2, 4, 0]);
  const withMomentum = sgd({ learningRate: 1, momentum: 0.5 });
  t.throws(() => applyOptimizer(withMomentum, kernels, { ...slice, state: outside, nextState: outside }));
});

function closeTo(t: { true(value: boolean, message: string): unknown }, got: Float32Array, expected: number[]): void {
  for (const [i, value] of expected.entries()) {
    t.true(Math.abs(got[i] - value) <= 2e-6 * Math.max(1, Math.abs(value)), `[${i}] ${got[i]} is not ${value}`);
  }
}
