// Pools for any window, stride and padding, which is ignored: a maximum is taken over the real cells, and an average
// divides by their number.
//
//   max:     y = max of the window's cells
//   average: y = sum of the cells / their number
//
// Shape: x [N, D, H, W, C] → y [N, OD, OH, OW, C]. A maximum ignores NaN, as tfjs does; a window without a number, and one
// that lies in the padding altogether, gives -Infinity, or what the caller says of an average.
// `buffer` has room for a row, and for a plane after it if windows are deeper than one.
import { fold, LARGEST, MEAN, SUM } from "./fold";
import { largest } from "./largest";
import { imageBytes, pixelBytes, planeBytes, rowBytes, Window3d } from "./window3d";

export function maxPool(info: Window3d, x: usize, y: usize, buffer: usize): void {
  pool(LARGEST, LARGEST, -Infinity, info, x, y, buffer);
}

export function averagePool(info: Window3d, x: usize, y: usize, buffer: usize, empty: f32): void {
  pool(SUM, MEAN, empty, info, x, y, buffer);
}

// @ts-ignore: decorator
@inline
function pool(mode: i32, last: i32, empty: f32, info: Window3d, x: usize, y: usize, buffer: usize): void {
  for (let n = 0; n < info.batch; n++) {
    y = poolImage(mode, last, empty, info, x, y, buffer);
    x += imageBytes(info);
  }
}

/** Returns where the next image's output begins. */
// @ts-ignore: decorator
@inline
function poolImage(mode: i32, last: i32, empty: f32, info: Window3d, x: usize, y: usize, buffer: usize): usize {
  const C = info.channels;
  const pixel = pixelBytes(info), row = rowBytes(info), plane = planeBytes(info);
  const atOnce = mode == LARGEST && C >= 16 && overlapsLittle(info);
  for (let d = 0; d < info.outDepth; d++) {
    const before = d * info.strideDepth - info.padFront;
    const front = max(before, 0);
    const planes = min(before + info.kernelDepth, info.depth) - front;
    let cells: usize = x + <usize>front * plane;
    if (planes > 1) {
      fold(mode, buffer + row, cells, planes, plane, info.height * info.width * C, 0);
      cells = buffer + row;
    }
    for (let h = 0; h < info.outHeight; h++) {
      const above = h * info.strideHeight - info.padTop;
      const top = max(above, 0);
      const rows = min(above + info.kernelHeight, info.height) - top;
      let pixels: usize = cells + <usize>top * row;
      if (!atOnce && rows > 1 && planes > 0) {
        fold(mode, buffer, pixels, rows, row, info.width * C, 0);
        pixels = buffer;
      }
      for (let w = 0; w < info.outWidth; w++) {
        const beside = w * info.strideWidth - info.padLeft;
        const left = max(beside, 0);
        const columns = min(beside + info.kernelWidth, info.width) - left;
        if (planes <= 0 || rows <= 0 || columns <= 0) {
          for (let c = 0; c < C; c++) store<f32>(y + (<usize>c << 2), empty);
        } else if (atOnce) {
          largest(y, pixels + <usize>left * pixel, rows, columns, row, pixel, C);
        } else {
          fold(last, y, pixels + <usize>left * pixel, columns, pixel, C, <f32>(planes * rows * columns));
        }
        y += pixel;
      }
    }
  }
  return y;
}

/** Whether windows read their cells with less work than it takes to fold the rows between them first. */
// @ts-ignore: decorator
@inline
function overlapsLittle(info: Window3d): bool {
  const rows = info.kernelHeight, columns = info.kernelWidth;
  return rows * columns <= info.strideWidth * (rows + 1) + columns;
}
