// Gradient of a resized image: what flows to an output pixel goes back to the four pixels it was made from.
//
//   dx[n, low(h), low(w), c] += dy[n, h, w, c] · (1 - share(h)) · (1 - share(w))        and so for the three others
//
// Shape: dy [N, OH, OW, C] → dx [N, H, W, C]. `rows` and `columns` have three words for each output row and column: the
// low pixel, the high one, and the high one's share as a float.

/** Written by `src/kernels/resizing/resize_gradient.ts`. */
@unmanaged
export class ResizeSizes {
  images: i32;
  height: i32;
  width: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
}

export function resizeGradient(sizes: ResizeSizes, rows: usize, columns: usize, dy: usize, dx: usize): void {
  const pixel: usize = <usize>sizes.channels << 2;
  const row: usize = <usize>sizes.width * pixel;
  const image: usize = <usize>sizes.height * row;
  for (let n = 0; n < sizes.images; n++) {
    memory.fill(dx, 0, image);
    for (let h = 0; h < sizes.outHeight; h++) {
      const atRow: usize = rows + <usize>h * 12;
      const below = load<f32>(atRow, 8);
      const lowRow: usize = dx + <usize>load<i32>(atRow) * row, highRow: usize = dx + <usize>load<i32>(atRow, 4) * row;
      for (let w = 0; w < sizes.outWidth; w++) {
        const atColumn: usize = columns + <usize>w * 12;
        const beside = load<f32>(atColumn, 8);
        const low: usize = <usize>load<i32>(atColumn) * pixel, high: usize = <usize>load<i32>(atColumn, 4) * pixel;
        spread(lowRow + low, dy, (1 - below) * (1 - beside), pixel);
        if (beside != 0) spread(lowRow + high, dy, (1 - below) * beside, pixel);
        if (below != 0) {
          spread(highRow + low, dy, below * (1 - beside), pixel);
          if (beside != 0) spread(highRow + high, dy, below * beside, pixel);
        }
        dy += pixel;
      }
    }
    dx += image;
  }
}

// @ts-ignore: decorator
@inline
function spread(target: usize, source: usize, share: f32, bytes: usize): void {
  const whole: usize = bytes & ~15;
  const shares = f32x4.splat(share);
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(target + at, f32x4.add(v128.load(target + at), f32x4.mul(v128.load(source + at), shares)));
  }
  for (let at: usize = whole; at < bytes; at += 4) {
    store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at) * share);
  }
}
