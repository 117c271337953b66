// Pools for any window, stride and padding, which is ignored: a maximum is taken over the real cells, and an average
// divides by their number.
//
//   max:     y = max of the window's cells
//   average: y = sum of the cells / their number
//
// Shape: x [N, D, H, W, C] → y [N, OD, OH, OW, C]. A maximum ignores NaN, as tfjs does; a window without a number, and one
// that lies in the padding altogether, gives -Infinity, or what the caller says of an average.
// `buffer` has room for a row, and for a plane after it if windows are deeper than one.
import { fold, foldNarrow, LARGEST, MEAN, SUM } from "./fold";
import { foldWindows } from "./window";
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
  const atOnce = C >= 16 && overlapsLittle(mode, info);
  const narrow = C < 4;
  const stride: usize = <usize>info.strideWidth * pixel;
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
      let w = 0;
      while (w < info.outWidth) {
        const beside = w * info.strideWidth - info.padLeft;
        const left = max(beside, 0);
        const columns = min(beside + info.kernelWidth, info.width) - left;
        // Whole windows of a row come together. Those of stride 1 lie beside one another as their cells do: one row of floats.
        let windows = 1;
        if (columns == info.kernelWidth && (atOnce || narrow || info.strideWidth == 1)) {
          windows = min(info.outWidth - w, (info.width - columns - beside) / info.strideWidth + 1);
        }
        const floats = windows * C;
        const corner: usize = pixels + <usize>left * pixel;
        const number = <f32>(planes * rows * columns);
        if (planes <= 0 || rows <= 0 || columns <= 0) {
          for (let i = 0; i < floats; i++) store<f32>(y + (<usize>i << 2), empty);
        } else if (atOnce) {
          foldWindows(last, y, corner, rows, columns, row, pixel, windows, stride, number);
        } else if (narrow && info.strideWidth > 1) {
          foldNarrow(last, y, corner, columns, pixel, C, windows, stride, number);
        } else {
          fold(last, y, corner, columns, pixel, floats, number);
        }
        y += <usize>floats << 2;
        w += windows;
      }
    }
  }
  return y;
}

/** Whether windows read their cells with less work than it takes to fold the rows between them first. */
// @ts-ignore: decorator
@inline
function overlapsLittle(mode: i32, info: Window3d): bool {
  const rows = info.kernelHeight, columns = info.kernelWidth;
  // A sum is taken in the order of `fold`, whose sums of two rows, and of two pixels, are as quick as they are.
  if (mode == SUM && (rows != 3 || columns != 3)) return false;
  return rows * columns <= info.strideWidth * (rows + 1) + columns;
}
