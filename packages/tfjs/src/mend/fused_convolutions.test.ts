import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../test/tensorflow.ts";
import { register, unregister } from "./register.ts";

const tf = await tensorflow();

/** Gradients with respect to x, filter and bias of the fused operation, and of its parts one after the other. */
function fusedAndParts(
  depthwise: boolean,
  settings: {
    readonly dataFormat?: "NHWC" | "NCHW";
    readonly dilations?: number;
    readonly activation: "linear" | "relu";
  },
): [Tensor[], Tensor[]] {
  const { dataFormat = "NHWC", dilations = 1, activation } = settings;
  const draw = new Draw(5);
  const floats = (...shape: number[]): Tensor => {
    return tf.tensor(Float32Array.from(draw.floats(shape.reduce((a, b) => a * b))), shape);
  };
  const first = dataFormat === "NCHW";
  const filters = depthwise ? 6 : 5;
  const inputs = [first ? floats(2, 3, 6, 5) : floats(2, 6, 5, 3), floats(2, 2, 3, depthwise ? 2 : 5), floats(filters)];
  const fused = (x: Tensor, filter: Tensor, bias: Tensor): Tensor => {
    const operation = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
    return operation({
      x: x as Tensor4D,
      filter: filter as Tensor4D,
      bias,
      strides: 1,
      pad: "same",
      dataFormat,
      dilations,
      activation,
    });
  };
  const parts = (x: Tensor, filter: Tensor, bias: Tensor): Tensor => {
    const operation = depthwise ? tf.depthwiseConv2d : tf.conv2d;
    const convolved = operation(x as Tensor4D, filter as Tensor4D, 1, "same", dataFormat, dilations);
    const sum = tf.add(convolved, first ? tf.reshape(bias, [filters, 1, 1]) : bias);
    return activation === "relu" ? tf.relu(sum) : sum;
  };
  const dy = floats(...fused(inputs[0], inputs[1], inputs[2]).shape);
  return [tf.grads(fused)(inputs, dy), tf.grads(parts)(inputs, dy)];
}

test.serial("the gradients of a fused convolution are those of its parts", (t) => {
  for (const depthwise of [false, true]) {
    for (const activation of ["linear", "relu"] as const) {
      for (const settings of [{}, { dilations: 2 }, { dataFormat: "NCHW" as const }]) {
        tf.tidy(() => {
          const [fused, parts] = fusedAndParts(depthwise, { ...settings, activation });
          for (const [i, gradient] of fused.entries()) {
            t.deepEqual(gradient.shape, parts[i].shape);
            const largest = tf.max(tf.abs(tf.sub(gradient, parts[i]))).dataSync()[0];
            t.true(largest < 1e-5, `${depthwise} ${activation} ${JSON.stringify(settings)} ${i}: ${largest}`);
          }
        });
      }
    }
  }
});

test.serial("only the gradients that are wanted are computed", async (t) => {
  const filter = tf.variable(tf.ones<Rank.R4>([3, 3, 1, 2]));
  const profile = await tf.profile(() => {
    const loss = (): Tensor => {
      return tf.sum(tf.fused.conv2d({ x: tf.ones<Rank.R4>([1, 5, 5, 1]), filter, strides: 1, pad: "valid" }));
    };
    return tf.variableGrads(loss as () => never).value;
  });
  t.true(profile.kernelNames.includes("Conv2DBackpropFilter"));
  t.false(profile.kernelNames.includes("Conv2DBackpropInput"));
  filter.dispose();
});

test.serial("images of rank 3 keep their rank, and so do their gradients", (t) => {
  tf.tidy(() => {
    const filter = tf.ones<Rank.R4>([2, 2, 1, 1]);
    const run = (x: Tensor): Tensor => tf.fused.conv2d({ x: x as never, filter, strides: 1, pad: "valid" });
    const { value, grad } = tf.valueAndGrad(run)(tf.ones([3, 3, 1]));
    t.deepEqual(value.shape, [2, 2, 1]);
    t.deepEqual(grad.shape, [3, 3, 1]);
    t.deepEqual([...grad.dataSync()], [1, 2, 1, 2, 4, 2, 1, 2, 1]);
  });
});

test.serial("wrong arguments are refused by tfjs while gradients are taken, too", (t) => {
  tf.tidy(() => {
    const filter = tf.ones<Rank.R4>([2, 2, 3, 1]);
    const run = (x: Tensor): Tensor => tf.fused.conv2d({ x: x as never, filter, strides: 1, pad: "valid" });
    t.throws(() => tf.grad(run)(tf.ones([1, 3, 3, 2])), { message: /depth of input \(2\) must match/ });
  });
});

test.serial("gradients of dilated convolutions are refused on other backends", (t) => {
  // The gradient is asked for as tfjs would, with another backend's name in force.
  const { getBackend } = tf;
  const gradient = tf.getGradient("Conv2D");
  const [x, filter] = [tf.ones([1, 3, 3, 1]), tf.ones([2, 2, 1, 1])];
  const other = { ...tf, getBackend: () => "cpu" };
  t.is(getBackend(), "wasm");
  t.truthy(gradient.gradFunc(x, [x, filter], { strides: [1, 1], pad: "same", dilations: [2, 2] })["x"]);
  unregister();
  register(other);
  const registered = tf.getGradient("Conv2D");
  t.throws(() => registered.gradFunc(x, [x, filter], { strides: [1, 1], pad: "same", dilations: [2, 2] }), {
    code: "TAPE_DILATION",
  });
  unregister();
  register(tf);
});

test.serial("unregister gives tfjs its own operation back", (t) => {
  const ours = tf.fused.conv2d;
  unregister();
  const stock = tf.fused.conv2d;
  t.not(stock, ours);
  register(tf);
  t.not(tf.fused.conv2d, stock);
});
