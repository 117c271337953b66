// Weights in the order in which the kernels read them. The parameters keep the tfjs layout (HWIO, in × out).
import { loadFirst } from "./lanes";

/**
 * [inner, channels] → rows `first` to first + inner - 1 of panels of `lanes` channels, [panel][rows][lanes]. What is left of
 * the channels goes into a panel of 4 or 8 if it fits, filled up with zeros: see `panelsOf` of the emitters.
 */
export function packPanels(
  source: usize, inner: i32, channels: i32, lanes: i32, target: usize, first: i32, rows: i32,
): void {
  const stride: usize = <usize>channels << 2;
  for (let channel = 0; channel < channels; ) {
    const left = channels - channel;
    const width = panelWidth(left, lanes);
    const rowBytes: usize = <usize>width << 2;
    const whole = left >= width;
    let from = source + (<usize>channel << 2);
    let to = target + <usize>first * rowBytes;
    for (let i = 0; i < inner; i++) {
      if (whole) copyVectors(from, to, width);
      else {
        for (let lane = 0; lane < width; lane += 4) {
          v128.store(to + (<usize>lane << 2), loadFirst(from + (<usize>lane << 2), left - lane));
        }
      }
      to += rowBytes;
      from += stride;
    }
    target += <usize>rows * rowBytes;
    channel += width;
  }
}

// @ts-ignore: decorator
@inline
export function panelWidth(left: i32, lanes: i32): i32 {
  return left > 8 || left >= lanes ? lanes : left > 4 ? 8 : 4;
}

/** `count` floats, 4, 8 or 16: without a check for each vector, most weights take half the time. */
// @ts-ignore: decorator
@inline
function copyVectors(source: usize, target: usize, count: i32): void {
  v128.store(target, v128.load(source));
  if (count == 4) return;
  v128.store(target, v128.load(source, 16), 16);
  if (count == 8) return;
  v128.store(target, v128.load(source, 32), 32);
  v128.store(target, v128.load(source, 48), 48);
}

/**
 * The same panels from the transpose, [channels, inner], as an input gradient needs them: writes rows `first` to
 * first + inner - 1 of panels that have `rows` rows.
 */
export function packPanelsTransposed(
  source: usize, channels: i32, inner: i32, lanes: i32, target: usize, first: i32, rows: i32,
): void {
  packTransposed(source, <usize>inner << 2, channels, inner, lanes, target, first, rows);
}

/**
 * Rows `first` to first + count - 1 of [inner, channels], packed by `packPanels`, → panels of their transpose,
 * [channels, count].
 */
export function transposePanels(
  source: usize, inner: i32, channels: i32, lanes: i32, first: i32, count: i32, target: usize,
): void {
  for (let channel = 0; channel < channels; ) {
    const width = panelWidth(channels - channel, lanes);
    const rowBytes: usize = <usize>width << 2;
    const from = source + <usize>first * rowBytes;
    packTransposed(from, rowBytes, count, min(width, channels - channel), lanes, target, channel, channels);
    source += <usize>inner * rowBytes;
    channel += width;
  }
}

/** Of `channels` rows, `stride` bytes apart: `inner` floats of each, as `packPanelsTransposed` packs them. */
function packTransposed(
  source: usize, stride: usize, channels: i32, inner: i32, lanes: i32, target: usize, first: i32, rows: i32,
): void {
  for (let channel = 0; channel < channels; ) {
    const left = channels - channel;
    const width = panelWidth(left, lanes);
    const rowBytes: usize = <usize>width << 2;
    let from = source + <usize>channel * stride;
    let to = target + <usize>first * rowBytes;
    let i = 0;
    if (left >= width) {
      for (; i + 4 <= inner; i += 4) {
        transposeRows(from, stride, to, rowBytes);
        from += 16;
        to += rowBytes << 2;
      }
    }
    for (let lane = 0; lane < width; lane += 4) {
      const at = from + <usize>lane * stride;
      transpose(at, min(4, left - lane), inner - i, stride, to + (<usize>lane << 2), rowBytes);
    }
    target += <usize>rows * rowBytes;
    channel += width;
  }
}

/** Four rows of a whole panel of 4, 8 or 16 lanes: a cache line is written at once. */
// @ts-ignore: decorator
@inline
function transposeRows(source: usize, stride: usize, target: usize, rowBytes: usize): void {
  transposeSquare(source, stride, target, rowBytes);
  if (rowBytes == 16) return;
  transposeSquare(source + stride * 4, stride, target + 16, rowBytes);
  if (rowBytes == 32) return;
  transposeSquare(source + stride * 8, stride, target + 32, rowBytes);
  transposeSquare(source + stride * 12, stride, target + 48, rowBytes);
}

/** [4, 4] with rows `stride` bytes apart → its transpose with rows `rowBytes` apart. */
// @ts-ignore: decorator
@inline
function transposeSquare(source: usize, stride: usize, target: usize, rowBytes: usize): void {
  const a = v128.load(source), b = v128.load(source + stride);
  const c = v128.load(source + stride * 2), d = v128.load(source + stride * 3);
  storeTransposed(a, b, c, d, target, rowBytes, 4);
}

/** [lanes, inner] with rows `stride` bytes apart → [inner][4] with rows `rowBytes` apart; lanes that are not there are zero. */
function transpose(source: usize, lanes: i32, inner: i32, stride: usize, target: usize, rowBytes: usize): void {
  const zero = f32x4(0, 0, 0, 0);
  for (let i = 0; i < inner; i += 4) {
    const left = inner - i;
    const a = lanes > 0 ? loadFirst(source, left) : zero;
    const b = lanes > 1 ? loadFirst(source + stride, left) : zero;
    const c = lanes > 2 ? loadFirst(source + stride * 2, left) : zero;
    const d = lanes > 3 ? loadFirst(source + stride * 3, left) : zero;
    storeTransposed(a, b, c, d, target, rowBytes, left);
    source += 16;
    target += rowBytes << 2;
  }
}

/** The first `rows` rows of the transpose of four vectors. */
// @ts-ignore: decorator
@inline
function storeTransposed(a: v128, b: v128, c: v128, d: v128, target: usize, rowBytes: usize, rows: i32): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  if (rows > 1) v128.store(target + rowBytes, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  if (rows > 2) v128.store(target + rowBytes * 2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
  if (rows > 3) v128.store(target + rowBytes * 3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
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
