import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { conv2d, type Conv2dSettings, conv2dGradients } from "./conv2d.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import { tensor } from "./tensor.ts";

const oneToNine = tensor([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const corner = tensor([2, 2, 1, 1], [1, 2, 3, 4]);
const plain: Conv2dSettings = { strides: [1, 1], padding: "valid" };

test("slides the kernel without flipping it", (t) => {
  // 1·1 + 2·2 + 3·4 + 4·5 = 37, and so on
  t.deepEqual(conv2d(oneToNine, corner, undefined, plain), tensor([1, 2, 2, 1], [37, 47, 67, 77]));
});

test("adds the bias of the filter", (t) => {
  t.deepEqual([...conv2d(oneToNine, corner, tensor([1], [0.5]), plain).data], [37.5, 47.5, 67.5, 77.5]);
});

test("takes zeros for cells outside the image", (t) => {
  const y = conv2d(oneToNine, corner, undefined, { strides: [1, 1], padding: "same" });
  t.deepEqual([...y.data], [37, 47, 21, 67, 77, 33, 23, 26, 9]);
});

test("steps by the strides", (t) => {
  const y = conv2d(oneToNine, corner, undefined, { strides: [2, 1], padding: "same" });
  t.deepEqual([...y.data], [37, 47, 21, 23, 26, 9]);
});

test("sums over channels and gives one channel a filter", (t) => {
  const y = conv2d(tensor([1, 1, 1, 2], [2, 3]), tensor([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]), undefined, plain);
  t.deepEqual([...y.data], [2 + 12, 4 + 15, 6 + 18]);
});

test("keeps the images of a batch apart", (t) => {
  const both = tensor([2, 3, 3, 1], [...oneToNine.data, ...oneToNine.data.map((value) => -value)]);
  t.deepEqual([...conv2d(both, corner, undefined, plain).data], [37, 47, 67, 77, -37, -47, -67, -77]);
});

test("gradients of a case worked out by hand", (t) => {
  const { dx, dKernel, dBias } = conv2dGradients(oneToNine, corner, tensor([1, 2, 2, 1], [1, 0, 0, 2]), plain);
  t.deepEqual([...dx.data], [1, 2, 0, 3, 4 + 2, 4, 0, 6, 8]);
  t.deepEqual([...dKernel.data], [1 + 10, 2 + 12, 4 + 16, 5 + 18]);
  t.deepEqual([...dBias.data], [3]);
});

for (const [name, image, kernelShape, settings] of [
  ["3×3", [2, 5, 4, 2], [3, 3, 2, 3], plain],
  ["same padding", [1, 4, 5, 2], [3, 2, 2, 2], { strides: [1, 1], padding: "same" }],
  ["strides and same padding", [2, 7, 6, 1], [3, 3, 1, 2], { strides: [2, 3], padding: "same" }],
  ["stride > kernel", [1, 7, 9, 3], [1, 2, 3, 2], { strides: [3, 4], padding: "valid" }],
  ["1×1 image under a larger kernel", [2, 1, 1, 3], [3, 2, 3, 2], { strides: [2, 2], padding: "same" }],
] as const) {
  test(`gradients are the finite differences: ${name}`, (t) => {
    const draw = new Draw(1);
    const random = (shape: readonly number[]) =>
      tensor(
        shape,
        tensor(shape).data.map(() => draw.uniform(-1, 1)),
      );
    const x = random(image);
    const kernel = random(kernelShape);
    const bias = random([kernelShape[3]]);
    const dy = random(conv2d(x, kernel, bias, settings).shape);
    const loss = () => conv2d(x, kernel, bias, settings).data.reduce((sum, y, i) => sum + y * dy.data[i], 0);
    const { dx, dKernel, dBias } = conv2dGradients(x, kernel, dy, settings);
    t.true(relativeDistance(dx.data, numericalGradient(loss, x.data)) < 1e-8);
    t.true(relativeDistance(dKernel.data, numericalGradient(loss, kernel.data)) < 1e-8);
    t.true(relativeDistance(dBias.data, numericalGradient(loss, bias.data)) < 1e-8);
  });
}
