// Pooling and its gradients for any window, stride and padding, which is ignored: a maximum is taken over the real
// cells, the first where several are equal, and an average divides by their number.
//
// Shape: x, dx [N, H, W, C]; y, dy [N, OH, OW, C].
import { Window2d } from "./window2d";

export function maxPool2d(info: Window2d, x: usize, y: usize): void {
  walk(info, x, y, 0, 0, true);
}

/** dx must be zero. */
export function maxPool2dGradient(info: Window2d, x: usize, dy: usize, dx: usize): void {
  walk(info, x, 0, dy, dx, true);
}

export function averagePool2d(info: Window2d, x: usize, y: usize): void {
  walk(info, x, y, 0, 0, false);
}

/** dx must be zero. */
export function averagePool2dGradient(info: Window2d, dy: usize, dx: usize): void {
  walk(info, 0, 0, dy, dx, false);
}

/** Goes over all windows: writes y where it is given, else adds to dx what dy says. */
function walk(info: Window2d, x: usize, y: usize, dy: usize, dx: usize, max: bool): void {
  const C = info.channels;
  let output: usize = 0;
  for (let n = 0; n < info.batch; n++) {
    for (let h = 0; h < info.outHeight; h++) {
      const top = h * info.strideHeight - info.padTop;
      for (let w = 0; w < info.outWidth; w++) {
        const left = w * info.strideWidth - info.padLeft;
        const y0 = mathMax(top, 0), y1 = min(top + info.kernelHeight, info.height);
        const x0 = mathMax(left, 0), x1 = min(left + info.kernelWidth, info.width);
        for (let c = 0; c < C; c++) {
          if (max) maximum(info, n, c, y0, y1, x0, x1, x, y ? y + output : 0, dy + output, dx);
          else average(info, n, c, y0, y1, x0, x1, x, y ? y + output : 0, dy + output, dx);
          output += 4;
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function mathMax(a: i32, b: i32): i32 {
  return a > b ? a : b;
}

// @ts-ignore: decorator
@inline
function cell(info: Window2d, n: i32, y: i32, x: i32, c: i32): usize {
  return <usize>(((n * info.height + y) * info.width + x) * info.channels + c) << 2;
}

function maximum(
  info: Window2d, n: i32, c: i32, y0: i32, y1: i32, x0: i32, x1: i32, input: usize, output: usize, dy: usize, dx: usize,
): void {
  let best = cell(info, n, y0, x0, c);
  let largest = load<f32>(input + best);
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = cell(info, n, y, x, c);
      const value = load<f32>(input + at);
      if (value > largest) {
        largest = value;
        best = at;
      }
    }
  }
  if (output) store<f32>(output, largest);
  else store<f32>(dx + best, load<f32>(dx + best) + load<f32>(dy));
}

function average(
  info: Window2d, n: i32, c: i32, y0: i32, y1: i32, x0: i32, x1: i32, input: usize, output: usize, dy: usize, dx: usize,
): void {
  const count = <f32>((y1 - y0) * (x1 - x0));
  const share: f32 = output ? 0 : load<f32>(dy) / count;
  let sum: f32 = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = cell(info, n, y, x, c);
      if (output) sum += load<f32>(input + at);
      else store<f32>(dx + at, load<f32>(dx + at) + share);
    }
  }
  if (output) store<f32>(output, sum / count);
}
