// Grayscale dilation and its gradients.
//
//   y[n, h, w, c] = max over r, s of x[n, h · stride + r · dilation - top, w · stride + s · dilation - left, c] + filter[r, s, c]
//   dx[the cell that won] += dy          dfilter[the tap that won] += dy
//
// Shape: x, dx [N, H, W, C]; filter, dfilter [R, S, C]; y, dy [N, OH, OW, C]. Cells in the padding do not count; a window
// without a cell gives -Infinity. The first of equal sums wins; NaN is ignored, as tfjs does.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

/** Written by `src/kernels/morphology/dilation2d.ts`. */
@unmanaged
export class DilationSizes {
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padTop: i32;
  padLeft: i32;
}

const OUTPUT = 0;
const INPUT_GRADIENT = 1;
const FILTER_GRADIENT = 2;

export function dilation2d(sizes: DilationSizes, x: usize, filter: usize, y: usize): void {
  for (let n = 0; n < sizes.batch; n++) {
    y = walk(OUTPUT, sizes, x, filter, y, 0);
    x += imageBytes(sizes);
  }
}

export function dilation2dInputGradient(sizes: DilationSizes, x: usize, filter: usize, dy: usize, dx: usize): void {
  memory.fill(dx, 0, <usize>sizes.batch * imageBytes(sizes));
  for (let n = 0; n < sizes.batch; n++) {
    dy = walk(INPUT_GRADIENT, sizes, x, filter, dy, dx);
    x += imageBytes(sizes);
    dx += imageBytes(sizes);
  }
}

/** Each image is summed by itself, in `sums`: one float32 sum over a batch would lose a digit or two. */
export function dilation2dFilterGradient(
  sizes: DilationSizes, x: usize, filter: usize, dy: usize, dfilter: usize, sums: usize,
): void {
  const bytes: usize = <usize>(sizes.kernelHeight * sizes.kernelWidth * sizes.channels) << 2;
  memory.fill(dfilter, 0, bytes);
  for (let n = 0; n < sizes.batch; n++) {
    memory.fill(sums, 0, bytes);
    dy = walk(FILTER_GRADIENT, sizes, x, filter, dy, sums);
    x += imageBytes(sizes);
    for (let at: usize = 0; at < bytes; at += 4) add(dfilter + at, load<f32>(sums + at));
  }
}

// @ts-ignore: decorator
@inline
function imageBytes(sizes: DilationSizes): usize {
  return <usize>(sizes.height * sizes.width * sizes.channels) << 2;
}

/** Goes over the windows of one image: `y` is their output or its gradient. Returns where the next image's begins. */
// @ts-ignore: decorator
@inline
function walk(mode: i32, sizes: DilationSizes, x: usize, filter: usize, y: usize, gradient: usize): usize {
  const C = sizes.channels;
  const pixel: usize = <usize>C << 2;
  for (let h = 0; h < sizes.outHeight; h++) {
    for (let w = 0; w < sizes.outWidth; w++) {
      const top = h * sizes.strideHeight - sizes.padTop, left = w * sizes.strideWidth - sizes.padLeft;
      for (let c = 0; c < C; c += 4) {
        let largest = f32x4.splat(-Infinity);
        let winner = i32x4.splat(-1);
        for (let r = 0; r < sizes.kernelHeight; r++) {
          const row = top + r * sizes.dilationHeight;
          if (<u32>row >= <u32>sizes.height) continue;
          for (let s = 0; s < sizes.kernelWidth; s++) {
            const column = left + s * sizes.dilationWidth;
            if (<u32>column >= <u32>sizes.width) continue;
            const cell = ((row * sizes.width + column) * C + c) << 2;
            const tap = ((r * sizes.kernelWidth + s) * C + c) << 2;
            // A NaN becomes -Infinity.
            const sum = f32x4.pmax(
              f32x4.splat(-Infinity),
              f32x4.add(loadFirst(x + cell, C - c), loadFirst(filter + tap, C - c)),
            );
            const first = i32x4.eq(winner, i32x4.splat(-1));
            const won = v128.or(first, f32x4.gt(sum, largest));
            largest = v128.bitselect(sum, largest, won);
            winner = v128.bitselect(i32x4.splat(mode == FILTER_GRADIENT ? tap : cell), winner, won);
          }
        }
        const at: usize = y + (<usize>c << 2);
        if (mode == OUTPUT) {
          storeFirst(at, largest, C - c);
        } else if (i32x4.extract_lane(winner, 0) >= 0) {
          add(gradient + i32x4.extract_lane(winner, 0), load<f32>(at));
          if (c + 1 < C) add(gradient + i32x4.extract_lane(winner, 1) + 4, load<f32>(at, 4));
          if (c + 2 < C) add(gradient + i32x4.extract_lane(winner, 2) + 8, load<f32>(at, 8));
          if (c + 3 < C) add(gradient + i32x4.extract_lane(winner, 3) + 12, load<f32>(at, 12));
        }
      }
      y += pixel;
    }
  }
  return y;
}

// @ts-ignore: decorator
@inline
function add(target: usize, value: f32): void {
  store<f32>(target, load<f32>(target) + value);
}
