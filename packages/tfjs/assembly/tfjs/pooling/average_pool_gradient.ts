// Gradient of an average pool: each real cell of a window gets its share.
//
//   dx[each cell] += dy / number of the window's cells
//
// Shape: dy [N, OD, OH, OW, C] → dx [N, D, H, W, C]. As the pool folds planes, rows and pixels, this spreads them: shares
// are summed in one row, that row is added to the rows of the window, and their plane to its planes.
// `buffer` has room for a row, and for a plane after it if windows are deeper than one.
import { imageBytes, pixelBytes, planeBytes, rowBytes, Window3d } from "./window3d";

export function averagePoolGradient(info: Window3d, dy: usize, dx: usize, buffer: usize): void {
  const C = info.channels;
  const pixel = pixelBytes(info), row = rowBytes(info), plane = planeBytes(info);
  const deep = info.kernelDepth > 1;
  for (let n = 0; n < info.batch; n++) {
    memory.fill(dx, 0, imageBytes(info));
    for (let d = 0; d < info.outDepth; d++) {
      const before = d * info.strideDepth - info.padFront;
      const front = max(before, 0);
      const planes = min(before + info.kernelDepth, info.depth) - front;
      const target: usize = deep ? buffer + row : dx + <usize>front * plane;
      if (deep) memory.fill(target, 0, plane);
      for (let h = 0; h < info.outHeight; h++) {
        const above = h * info.strideHeight - info.padTop;
        const top = max(above, 0);
        const rows = min(above + info.kernelHeight, info.height) - top;
        memory.fill(buffer, 0, row);
        for (let w = 0; w < info.outWidth; w++) {
          const beside = w * info.strideWidth - info.padLeft;
          const left = max(beside, 0);
          const columns = min(beside + info.kernelWidth, info.width) - left;
          if (planes > 0 && rows > 0 && columns > 0) {
            share(buffer + <usize>left * pixel, dy, columns, pixel, C, <f32>(planes * rows * columns));
          }
          dy += pixel;
        }
        if (planes > 0) {
          for (let i = 0; i < rows; i++) add(target + <usize>(top + i) * row, buffer, info.width * C);
        }
      }
      if (deep) {
        for (let i = 0; i < planes; i++) {
          add(dx + <usize>(front + i) * plane, target, info.height * info.width * C);
        }
      }
    }
    dx += imageBytes(info);
  }
}

// @ts-ignore: decorator
@inline
function share(target: usize, dy: usize, columns: i32, pixel: usize, floats: i32, cells: f32): void {
  const bytes: usize = <usize>floats << 2;
  const whole: usize = bytes & ~15;
  const divisor = f32x4.splat(cells);
  for (let at: usize = 0; at < whole; at += 16) {
    const part = f32x4.div(v128.load(dy + at), divisor);
    let to: usize = target + at;
    for (let j = 0; j < columns; j++) {
      v128.store(to, f32x4.add(v128.load(to), part));
      to += pixel;
    }
  }
  for (let at: usize = whole; at < bytes; at += 4) {
    const part = load<f32>(dy + at) / cells;
    let to: usize = target + at;
    for (let j = 0; j < columns; j++) {
      store<f32>(to, load<f32>(to) + part);
      to += pixel;
    }
  }
}

function add(target: usize, source: usize, floats: i32): void {
  const bytes: usize = <usize>floats << 2;
  const whole: usize = bytes & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
  for (let at: usize = whole; at < bytes; at += 4) {
    store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at));
  }
}
