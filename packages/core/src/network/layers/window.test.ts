import test from "ava";
import { windowGeometry } from "./window.ts";

const geometry = (...[inputSize, kernel, stride, padding]: Parameters<typeof windowGeometry>): number[] => {
  const { outputSize, padBefore, padAfter } = windowGeometry(inputSize, kernel, stride, padding);
  return [outputSize, padBefore, padAfter];
};

test("valid: whole windows only, no padding", (t) => {
  t.deepEqual(geometry(28, 3, 1, "valid"), [26, 0, 0]);
  t.deepEqual(geometry(11, 2, 2, "valid"), [5, 0, 0]);
  t.deepEqual(geometry(1, 1, 1, "valid"), [1, 0, 0]);
  t.deepEqual(geometry(7, 2, 3, "valid"), [2, 0, 0]);
  t.deepEqual(geometry(5, 5, 9, "valid"), [1, 0, 0]);
});

test("valid: a window larger than the input has no place", (t) => {
  t.deepEqual(geometry(2, 3, 1, "valid"), [0, 0, 0]);
  t.deepEqual(geometry(2, 9, 5, "valid"), [0, 0, 0]);
});

test("same: as in TensorFlow's notes on padding", (t) => {
  t.deepEqual(geometry(28, 5, 1, "same"), [28, 2, 2]);
  // The odd cell goes after.
  t.deepEqual(geometry(28, 3, 2, "same"), [14, 0, 1]);
  t.deepEqual(geometry(13, 6, 5, "same"), [3, 1, 2]);
  t.deepEqual(geometry(4, 2, 1, "same"), [4, 0, 1]);
  t.deepEqual(geometry(1, 3, 1, "same"), [1, 1, 1]);
  t.deepEqual(geometry(2, 7, 1, "same"), [2, 3, 3]);
});

test("same: a stride above the window needs no padding, never a negative one", (t) => {
  t.deepEqual(geometry(7, 1, 3, "same"), [3, 0, 0]);
  t.deepEqual(geometry(5, 2, 4, "same"), [2, 0, 1]);
  t.deepEqual(geometry(8, 1, 2, "same"), [4, 0, 0]);
});

test("same: every window holds a cell of the image", (t) => {
  for (let input = 1; input <= 12; input++) {
    for (let kernel = 1; kernel <= 6; kernel++) {
      for (let stride = 1; stride <= 6; stride++) {
        const { outputSize, padBefore, padAfter } = windowGeometry(input, kernel, stride, "same");
        t.true(padBefore < kernel && padAfter < kernel);
        t.true((outputSize - 1) * stride - padBefore < input);
      }
    }
  }
});
