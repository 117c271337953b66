// Weights in the order in which the kernels read them. The parameters keep the tfjs layout (HWIO, in × out).
import { loadFirst } from "./lanes";

/** [inner, channels] → panels of 8 channels, [panel][inner][8]; the last panel is filled up with zeros. */
export function packPanels(source: usize, inner: i32, channels: i32, target: usize): void {
  for (let channel = 0; channel < channels; channel += 8) {
    const left = channels - channel;
    let from = source + (<usize>channel << 2);
    for (let i = 0; i < inner; i++) {
      if (left >= 8) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        v128.store(target, loadFirst(from, left));
        v128.store(target, loadFirst(from + 16, left - 4), 16);
      }
      target += 32;
      from += <usize>channels << 2;
    }
  }
}

/**
 * [lanes, inner] → panels of 8 lanes, [panel][inner][8], each panel `panelStride` bytes after the one before; the last
 * is filled up with zeros. This is the transpose that an input gradient needs.
 */
export function packPanelsTransposed(source: usize, lanes: i32, inner: i32, target: usize, panelStride: usize): void {
  const stride: usize = <usize>inner << 2;
  for (let lane = 0; lane < lanes; lane += 8) {
    transposeLanes(source + <usize>lane * stride, min(4, lanes - lane), inner, stride, target);
    transposeLanes(source + <usize>(lane + 4) * stride, min(4, lanes - lane - 4), inner, stride, target + 16);
    target += panelStride;
  }
}

function transposeLanes(source: usize, lanes: i32, inner: i32, stride: usize, target: usize): void {
  const zero = f32x4(0, 0, 0, 0);
  for (let i = 0; i < inner; i += 4) {
    const left = inner - i;
    const a = lanes > 0 ? loadFirst(source, left) : zero;
    const b = lanes > 1 ? loadFirst(source + stride, left) : zero;
    const c = lanes > 2 ? loadFirst(source + stride * 2, left) : zero;
    const d = lanes > 3 ? loadFirst(source + stride * 3, left) : zero;
    const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
    if (left > 1) v128.store(target, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
    if (left > 2) v128.store(target, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
    if (left > 3) v128.store(target, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
    source += 16;
    target += 128;
  }
}

/**
 * [rows][segment][channels] → [channel][rows][vectors of 4 along the segment], zeros after a row's end and up to
 * `vectors` vectors in all: a filter as the input sees it, one output channel after the other.
 */
export function packFilters(source: usize, rows: i32, segment: i32, channels: i32, vectors: i32, target: usize): void {
  const padded = (segment + 3) & ~3;
  memory.fill(target, 0, (<usize>channels * vectors) << 4);
  for (let k = 0; k < channels; k++) {
    let from = source + (<usize>k << 2);
    for (let r = 0; r < rows; r++) {
      let to = target + ((<usize>k * vectors * 4 + <usize>r * padded) << 2);
      for (let j = 0; j < segment; j++) {
        store<f32>(to, load<f32>(from));
        from += <usize>channels << 2;
        to += 4;
      }
    }
  }
}

/** The way back of `packFilters`: target[r][j][k] = source[k][r][j]. */
export function unpackFilters(source: usize, rows: i32, segment: i32, channels: i32, vectors: i32, target: usize): void {
  const padded = (segment + 3) & ~3;
  for (let k = 0; k < channels; k++) {
    let to = target + (<usize>k << 2);
    for (let r = 0; r < rows; r++) {
      let from = source + ((<usize>k * vectors * 4 + <usize>r * padded) << 2);
      for (let j = 0; j < segment; j++) {
        store<f32>(to, load<f32>(from));
        from += 4;
        to += <usize>channels << 2;
      }
    }
  }
}
