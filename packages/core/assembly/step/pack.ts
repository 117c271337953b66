// Weights in the order in which the kernels read them. The parameters keep the tfjs layout (HWIO, in × out).
import { loadFirst } from "./lanes";

/**
 * [inner, channels] → panels of `lanes` channels, [panel][inner][lanes]. What is left of the channels goes into panels of 8
 * and 4, filled up with zeros: see `panelsOf` of the emitters.
 */
export function packPanels(source: usize, inner: i32, channels: i32, lanes: i32, target: usize): void {
  for (let channel = 0; channel < channels; ) {
    const left = channels - channel;
    const width = panelWidth(left, lanes);
    let from = source + (<usize>channel << 2);
    for (let i = 0; i < inner; i++) {
      for (let lane = 0; lane < width; lane += 4) {
        v128.store(target, loadFirst(from + (<usize>lane << 2), left - lane));
        target += 16;
      }
      from += <usize>channels << 2;
    }
    channel += width;
  }
}

// @ts-ignore: decorator
@inline
function panelWidth(left: i32, lanes: i32): i32 {
  return left >= lanes ? lanes : left > 4 ? 8 : 4;
}

/**
 * The same panels from the transpose, [channels, inner], as an input gradient needs them: writes rows `first` to
 * first + inner - 1 of panels that have `rows` rows.
 */
export function packPanelsTransposed(
  source: usize, channels: i32, inner: i32, lanes: i32, target: usize, first: i32, rows: i32,
): void {
  const stride: usize = <usize>inner << 2;
  for (let channel = 0; channel < channels; ) {
    const left = channels - channel;
    const width = panelWidth(left, lanes);
    const rowBytes: usize = <usize>width << 2;
    for (let lane = 0; lane < width; lane += 4) {
      const from = source + <usize>(channel + lane) * stride;
      transpose(from, min(4, left - lane), inner, stride, target + <usize>first * rowBytes + (<usize>lane << 2), rowBytes);
    }
    target += <usize>rows * rowBytes;
    channel += width;
  }
}

/** [lanes, inner] with rows `stride` bytes apart → [inner][4] with rows `rowBytes` apart. */
function transpose(source: usize, lanes: i32, inner: i32, stride: usize, target: usize, rowBytes: usize): void {
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
    if (left > 1) v128.store(target + rowBytes, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
    if (left > 2) v128.store(target + rowBytes * 2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
    if (left > 3) v128.store(target + rowBytes * 3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
    source += 16;
    target += rowBytes << 2;
  }
}

/**
 * [rows][segment][channels] → [channel][rows][rowFloats], zeros after the segment: a filter as the input sees it, one
 * output channel after the other.
 */
export function packFilters(
  source: usize, rows: i32, segment: i32, rowFloats: i32, channels: i32, target: usize,
): void {
  for (let k = 0; k < channels; k++) {
    let from = source + (<usize>k << 2);
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < rowFloats; j++) {
        store<f32>(target, j < segment ? load<f32>(from) : 0);
        if (j < segment) from += <usize>channels << 2;
        target += 4;
      }
    }
  }
}

/** The way back: target[r][j][k] = source[k][r][j]. */
export function unpackFilters(
  source: usize, rows: i32, segment: i32, rowFloats: i32, channels: i32, target: usize,
): void {
  for (let k = 0; k < channels; k++) {
    let to = target + (<usize>k << 2);
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < segment; j++) {
        store<f32>(to, load<f32>(source + (<usize>j << 2)));
        to += <usize>channels << 2;
      }
      source += <usize>rowFloats << 2;
    }
  }
}
