// Pooling and its gradients for any window, stride and padding, which is ignored: a maximum is taken over the real
// cells, the first where several are equal, and an average divides by their number.
//
//   max:     y = max of the window's cells        dx[first cell that holds it] += dy
//   average: y = sum of the cells / their number  dx[each cell] += dy / their number
//
// Shape: x, dx [N, H, W, C]; y, dy [N, OH, OW, C]. Four channels at a time. A NaN in a window wins its maximum, so that
// it travels on; a window that lies in the padding altogether gives -Infinity or NaN, as on tfjs's CPU backend.
import { loadFirst, storeFirst } from "../step/lanes";
import { Window2d } from "./window2d";

const MAX = 0;
const MAX_GRADIENT = 1;
const AVERAGE = 2;
const AVERAGE_GRADIENT = 3;

export function maxPool2d(info: Window2d, x: usize, y: usize): void {
  walk(info, MAX, x, y, 0);
}

/** dx must be zero. */
export function maxPool2dGradient(info: Window2d, x: usize, dy: usize, dx: usize): void {
  walk(info, MAX_GRADIENT, x, dy, dx);
}

export function averagePool2d(info: Window2d, x: usize, y: usize): void {
  walk(info, AVERAGE, x, y, 0);
}

/** dx must be zero. */
export function averagePool2dGradient(info: Window2d, dy: usize, dx: usize): void {
  walk(info, AVERAGE_GRADIENT, 0, dy, dx);
}

/** Goes over all windows: `y` is their output or its gradient. */
function walk(info: Window2d, mode: i32, x: usize, y: usize, dx: usize): void {
  const pixelBytes: usize = <usize>info.channels << 2;
  for (let n = 0; n < info.batch; n++) {
    for (let h = 0; h < info.outHeight; h++) {
      const above = h * info.strideHeight - info.padTop;
      const top = max(above, 0);
      const rows = min(above + info.kernelHeight, info.height) - top;
      for (let w = 0; w < info.outWidth; w++) {
        const before = w * info.strideWidth - info.padLeft;
        const left = max(before, 0);
        const columns = min(before + info.kernelWidth, info.width) - left;
        const first: usize = <usize>((n * info.height + top) * info.width + left) * pixelBytes;
        if (mode == MAX) maximum(info, rows, columns, x + first, y);
        else if (mode == MAX_GRADIENT) maximumGradient(info, rows, columns, x + first, y, dx + first);
        else if (mode == AVERAGE) average(info, rows, columns, x + first, y);
        else averageGradient(info, rows, columns, y, dx + first);
        y += pixelBytes;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function wins(value: v128, largest: v128): v128 {
  return v128.or(f32x4.gt(value, largest), f32x4.ne(value, value));
}

function maximum(info: Window2d, rows: i32, columns: i32, x: usize, y: usize): void {
  const C = info.channels;
  for (let c = 0; c < C; c += 4) {
    let largest = f32x4.splat(-Infinity);
    for (let i = 0; i < rows; i++) {
      let at: usize = x + (<usize>(i * info.width * C + c) << 2);
      for (let j = 0; j < columns; j++) {
        const value = loadFirst(at, C - c);
        largest = v128.bitselect(value, largest, wins(value, largest));
        at += <usize>C << 2;
      }
    }
    storeFirst(y + (<usize>c << 2), largest, C - c);
  }
}

function maximumGradient(info: Window2d, rows: i32, columns: i32, x: usize, dy: usize, dx: usize): void {
  if (rows <= 0 || columns <= 0) return;
  const C = info.channels;
  for (let c = 0; c < C; c += 4) {
    let largest = f32x4.splat(-Infinity);
    let winner = i32x4.splat(c << 2);
    for (let i = 0; i < rows; i++) {
      let at = (i * info.width * C + c) << 2;
      for (let j = 0; j < columns; j++) {
        const value = loadFirst(x + at, C - c);
        const won = wins(value, largest);
        largest = v128.bitselect(value, largest, won);
        winner = v128.bitselect(i32x4.splat(at), winner, won);
        at += C << 2;
      }
    }
    const from: usize = dy + (<usize>c << 2);
    add(dx + i32x4.extract_lane(winner, 0), from);
    if (c + 1 < C) add(dx + i32x4.extract_lane(winner, 1) + 4, from + 4);
    if (c + 2 < C) add(dx + i32x4.extract_lane(winner, 2) + 8, from + 8);
    if (c + 3 < C) add(dx + i32x4.extract_lane(winner, 3) + 12, from + 12);
  }
}

// @ts-ignore: decorator
@inline
function add(target: usize, source: usize): void {
  store<f32>(target, load<f32>(target) + load<f32>(source));
}

function average(info: Window2d, rows: i32, columns: i32, x: usize, y: usize): void {
  const C = info.channels;
  const count = f32x4.splat(<f32>(max(rows, 0) * max(columns, 0)));
  for (let c = 0; c < C; c += 4) {
    let sum = f32x4(0, 0, 0, 0);
    for (let i = 0; i < rows; i++) {
      let at: usize = x + (<usize>(i * info.width * C + c) << 2);
      for (let j = 0; j < columns; j++) {
        sum = f32x4.add(sum, loadFirst(at, C - c));
        at += <usize>C << 2;
      }
    }
    storeFirst(y + (<usize>c << 2), f32x4.div(sum, count), C - c);
  }
}

function averageGradient(info: Window2d, rows: i32, columns: i32, dy: usize, dx: usize): void {
  const C = info.channels;
  const count = f32x4.splat(<f32>(rows * columns));
  for (let c = 0; c < C; c += 4) {
    const share = f32x4.div(loadFirst(dy + (<usize>c << 2), C - c), count);
    for (let i = 0; i < rows; i++) {
      let at: usize = dx + (<usize>(i * info.width * C + c) << 2);
      for (let j = 0; j < columns; j++) {
        storeFirst(at, f32x4.add(loadFirst(at, C - c), share), C - c);
        at += <usize>C << 2;
      }
    }
  }
}
