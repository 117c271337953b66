// The first largest cell of each window, which gets the window's gradient; NaN is ignored, and of a window
// without a number above -Infinity the first cell wins.
//
//   gradient: dx[cell] += dy          with the argument: y = x[cell], indexes = cell
//
// Shape: x, dx [N, D, H, W, C]; y, dy, indexes [N, OD, OH, OW, C]. Only real cells count; a window that has none gives
// -Infinity and no gradient.
import { imageBytes, pixelBytes, planeBytes, rowBytes, Window3d } from "./window3d";

const GRADIENT = 0;
const ARGUMENT = 1;

export function maxPoolGradient(info: Window3d, x: usize, dy: usize, dx: usize): void {
  const bytes = imageBytes(info);
  for (let n = 0; n < info.batch; n++) {
    memory.fill(dx, 0, bytes);
    dy = gradientOfImage(info, x, dy, dx);
    x += bytes;
    dx += bytes;
  }
}

/** Indexes count elements from the image's first, or from the batch's. */
export function maxPoolWithArgmax(info: Window3d, x: usize, y: usize, indexes: usize, fromBatch: bool): void {
  const pixel = pixelBytes(info), row = rowBytes(info);
  let first: usize = 0;
  for (let n = 0; n < info.batch; n++) {
    if (!fromBatch) first = 0;
    for (let h = 0; h < info.outHeight; h++) {
      const above = h * info.strideHeight - info.padTop;
      const top = max(above, 0);
      const rows = min(above + info.kernelHeight, info.height) - top;
      for (let w = 0; w < info.outWidth; w++) {
        const beside = w * info.strideWidth - info.padLeft;
        const left = max(beside, 0);
        const columns = min(beside + info.kernelWidth, info.width) - left;
        if (rows > 0 && columns > 0) {
          const corner: usize = <usize>top * row + <usize>left * pixel;
          let done = routeVectors(ARGUMENT, info, 1, rows, columns, x + corner, y, indexes, first + corner);
          for (; done < pixel; done += 4) {
            const cell: usize = corner + done;
            const winner = cell + winnerOf(info, 1, rows, columns, x + cell);
            const largest = load<f32>(x + winner);
            store<f32>(y + done, largest == largest ? largest : -Infinity);
            store<i32>(indexes + done, <i32>((first + winner) >> 2));
          }
        } else {
          memory.fill(indexes, 0, pixel);
          for (let c: usize = 0; c < pixel; c += 4) store<f32>(y + c, -Infinity);
        }
        y += pixel;
        indexes += pixel;
      }
    }
    x += imageBytes(info);
    first += imageBytes(info);
  }
}

/** Returns where the next image's gradient begins. */
// @ts-ignore: decorator
@inline
function gradientOfImage(info: Window3d, x: usize, dy: usize, dx: usize): usize {
  const pixel = pixelBytes(info), row = rowBytes(info), plane = planeBytes(info);
  const disjoint =
    info.strideDepth >= info.kernelDepth && info.strideHeight >= info.kernelHeight && info.strideWidth >= info.kernelWidth;
  for (let d = 0; d < info.outDepth; d++) {
    const before = d * info.strideDepth - info.padFront;
    const front = max(before, 0);
    const planes = min(before + info.kernelDepth, info.depth) - front;
    for (let h = 0; h < info.outHeight; h++) {
      const above = h * info.strideHeight - info.padTop;
      const top = max(above, 0);
      const rows = min(above + info.kernelHeight, info.height) - top;
      for (let w = 0; w < info.outWidth; w++) {
        const beside = w * info.strideWidth - info.padLeft;
        const left = max(beside, 0);
        const columns = min(beside + info.kernelWidth, info.width) - left;
        if (planes > 0 && rows > 0 && columns > 0) {
          const corner: usize = <usize>front * plane + <usize>top * row + <usize>left * pixel;
          let done: usize = 0;
          if (disjoint && planes == 1 && rows == 2 && columns == 2) done = routeFour(info, x + corner, dy, dx + corner);
          else done = routeVectors(GRADIENT, info, planes, rows, columns, x + corner, dy, dx + corner, 0);
          for (; done < pixel; done += 4) {
            const winner = winnerOf(info, planes, rows, columns, x + corner + done);
            add(dx + corner + done + winner, dy + done);
          }
        }
        dy += pixel;
      }
    }
  }
  return dy;
}

// @ts-ignore: decorator
@inline
function select(a: v128, b: v128, mask: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(a, b, mask);
  return v128.bitselect(a, b, mask);
}

/** Windows of 2 × 2 cells that are in no other: each cell gets the gradient or zero. Returns the bytes of a pixel done. */
// @ts-ignore: decorator
@inline
function routeFour(info: Window3d, x: usize, dy: usize, dx: usize): usize {
  const pixel = pixelBytes(info), row = rowBytes(info);
  const whole: usize = pixel & ~15;
  for (let c: usize = 0; c < whole; c += 16) {
    const from: usize = x + c, below: usize = from + row;
    // A NaN that comes first would never be beaten.
    const a = f32x4.pmax(f32x4.splat(-Infinity), v128.load(from)), b = v128.load(from + pixel), e = v128.load(below), f = v128.load(below + pixel);
    const second = f32x4.gt(b, a);
    const upper = select(b, a, second);
    const third = f32x4.gt(e, upper);
    const fourth = f32x4.gt(f, select(e, upper, third));
    const gradient = v128.load(dy + c);
    const ofThree = v128.andnot(gradient, fourth);
    const ofUpper = v128.andnot(ofThree, third);
    const to: usize = dx + c, toBelow: usize = to + row;
    v128.store(to, v128.andnot(ofUpper, second));
    v128.store(to + pixel, v128.and(ofUpper, second));
    v128.store(toBelow, v128.and(ofThree, third));
    v128.store(toBelow + pixel, v128.and(gradient, fourth));
  }
  return whole;
}

/**
 * Four channels at a time: adds `y`, the output's gradient, to the winners' places in `target`, or writes the maxima to `y`
 * and their places, `first` bytes on, to `target`. Returns the bytes of a pixel done.
 */
// @ts-ignore: decorator
@inline
function routeVectors(
  mode: i32, info: Window3d, planes: i32, rows: i32, columns: i32,
  x: usize, y: usize, target: usize, first: usize,
): usize {
  const pixel = pixelBytes(info), row = rowBytes(info), plane = planeBytes(info);
  const whole: usize = pixel & ~15;
  const toPixel = i32x4.splat(<i32>pixel), toRow = i32x4.splat(<i32>row - columns * <i32>pixel);
  for (let c: usize = 0; c < whole; c += 16) {
    let largest = f32x4.splat(-Infinity);
    let winner = i32x4.splat(0);
    for (let p = 0; p < planes; p++) {
      let start: usize = x + c + <usize>p * plane;
      let cell = i32x4.splat(p * <i32>plane);
      for (let i = 0; i < rows; i++) {
        let at = start;
        for (let j = 0; j < columns; j++) {
          const value = v128.load(at);
          const won = f32x4.gt(value, largest);
          largest = select(value, largest, won);
          winner = select(cell, winner, won);
          at += pixel;
          cell = i32x4.add(cell, toPixel);
        }
        start += row;
        cell = i32x4.add(cell, toRow);
      }
    }
    const to: usize = target + c, from: usize = y + c;
    if (mode == ARGUMENT) {
      const start = i32x4.add(i32x4.splat(<i32>(first + c)), i32x4(0, 4, 8, 12));
      v128.store(from, largest);
      v128.store(to, i32x4.shr_u(i32x4.add(start, winner), 2));
    } else {
      add(to + i32x4.extract_lane(winner, 0), from);
      add(to + i32x4.extract_lane(winner, 1) + 4, from + 4);
      add(to + i32x4.extract_lane(winner, 2) + 8, from + 8);
      add(to + i32x4.extract_lane(winner, 3) + 12, from + 12);
    }
  }
  return whole;
}

/** Bytes from a window's first cell to the one that wins, in one channel. */
// @ts-ignore: decorator
@inline
function winnerOf(info: Window3d, planes: i32, rows: i32, columns: i32, x: usize): usize {
  const pixel = pixelBytes(info), row = rowBytes(info), plane = planeBytes(info);
  let largest: f32 = -Infinity;
  let winner: usize = 0;
  for (let p = 0; p < planes; p++) {
    for (let i = 0; i < rows; i++) {
      let at: usize = <usize>p * plane + <usize>i * row;
      for (let j = 0; j < columns; j++) {
        const value = load<f32>(x + at);
        if (value > largest) {
          largest = value;
          winner = at;
        }
        at += pixel;
      }
    }
  }
  return winner;
}

// @ts-ignore: decorator
@inline
function add(target: usize, source: usize): void {
  store<f32>(target, load<f32>(target) + load<f32>(source));
}
