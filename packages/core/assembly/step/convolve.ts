// Convolution and matrix product: one micro-kernel for the forward pass and for input gradients.
//
//   out[n, p, k] = act(Σ_{r, j} in[n, window(p) + r · rowStride + j] · w[r, j, k] + bias[k])
//
// An image is NHWC, so each row of a window is `segment` = S · C floats without a gap, and a convolution of any size,
// stride and padding is a matrix product whose left rows are found through a table of window positions. A dense layer
// is the same with one window an image. Padding is zeros that lie around the image in memory.
//
// Tile: 4 windows × 8 channels, 8 accumulators; weights lie in panels of 8 channels, [panel][r][j][8].
// Every output is one sum in the order of (r, j), whatever the tile, the call or the thread.
//
// Source: indirect convolution, M. Dukhan, arXiv:1907.02129; register blocking, Goto & van de Geijn, 2008.
import { multiplyAdd, rectify, storeFirst } from "./lanes";

@unmanaged
export class ConvolvePlan {
  input: usize;
  inputImageStride: usize;
  /** Pairs of i32: byte offset of a window in its input image, byte offset of its output in the output image. */
  windows: usize;
  windowCount: i32;
  rows: i32;
  rowStride: usize;
  segment: i32;
  weights: usize;
  /** Readable up to whole panels; what lies beyond the channels does not matter. */
  bias: usize;
  output: usize;
  outputImageStride: usize;
  channels: i32;
  relu: i32;
  /** 1: the four windows of a tile are the cells of one 2×2 pool; its maximum is stored, and where it was found. */
  pooled: i32;
  /** [image][pool][channel] i32: byte offset of the winning window in its input image. */
  argmax: usize;
  /** Panels that are worked on together, so that their weights stay in the first-level cache. */
  panelGroup: i32;
  /** Window rows that are worked on together, for the same reason; sums of earlier rows are picked up from the output. */
  rowBlock: i32;
}

export function convolve(plan: ConvolvePlan, images: i32): void {
  const windows = plan.windows;
  const windowCount = plan.windowCount;
  const rows = plan.rows;
  const rowStride = plan.rowStride;
  const segmentBytes: usize = (<usize>plan.segment) << 2;
  const channels = plan.channels;
  const panels = (channels + 7) >> 3;
  const panelBytes: usize = <usize>rows * segmentBytes * 8;
  const total = images * windowCount;
  const pooled = plan.pooled != 0;

  for (let rowBegin = 0; rowBegin < rows; rowBegin += plan.rowBlock) {
    const rowEnd = min(rows, rowBegin + plan.rowBlock);
    const rowCount = rowEnd - rowBegin;
    const last = rowEnd == rows;
    const relu = last && plan.relu != 0;
    for (let panelBegin = 0; panelBegin < panels; panelBegin += plan.panelGroup) {
      const panelEnd = min(panels, panelBegin + plan.panelGroup);
      const weights: usize = plan.weights + <usize>rowBegin * segmentBytes * 8;
      let image = 0;
      let window = 0;
      let inputImage = plan.input + <usize>rowBegin * rowStride;
      let outputImage = plan.output;
      for (let m = 0; m < total; m += 4) {
        const valid = total - m;
        let entry = windows + (<usize>window << 3);
        const w0 = load<i32>(entry);
        const a0: usize = inputImage + w0;
        const y0: usize = outputImage + load<i32>(entry, 4);
        let w1 = w0, w2 = w0, w3 = w0;
        let a1 = a0, a2 = a0, a3 = a0;
        let y1 = y0, y2 = y0, y3 = y0;
        const pool = window >> 2;
        const poolImage = image;
        if (++window == windowCount) { window = 0; image++; inputImage += plan.inputImageStride; outputImage += plan.outputImageStride; }
        if (valid > 1) {
          entry = windows + (<usize>window << 3);
          w1 = load<i32>(entry); a1 = inputImage + w1; y1 = outputImage + load<i32>(entry, 4);
          if (++window == windowCount) { window = 0; image++; inputImage += plan.inputImageStride; outputImage += plan.outputImageStride; }
        }
        if (valid > 2) {
          entry = windows + (<usize>window << 3);
          w2 = load<i32>(entry); a2 = inputImage + w2; y2 = outputImage + load<i32>(entry, 4);
          if (++window == windowCount) { window = 0; image++; inputImage += plan.inputImageStride; outputImage += plan.outputImageStride; }
        }
        if (valid > 3) {
          entry = windows + (<usize>window << 3);
          w3 = load<i32>(entry); a3 = inputImage + w3; y3 = outputImage + load<i32>(entry, 4);
          if (++window == windowCount) { window = 0; image++; inputImage += plan.inputImageStride; outputImage += plan.outputImageStride; }
        }

        for (let panel = panelBegin; panel < panelEnd; panel++) {
          const channel = panel << 3;
          const shift: usize = <usize>channel << 2;
          let s00 = f32x4(0, 0, 0, 0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
          if (rowBegin > 0) {
            s00 = v128.load(y0 + shift); s01 = v128.load(y0 + shift, 16);
            s10 = v128.load(y1 + shift); s11 = v128.load(y1 + shift, 16);
            s20 = v128.load(y2 + shift); s21 = v128.load(y2 + shift, 16);
            s30 = v128.load(y3 + shift); s31 = v128.load(y3 + shift, 16);
          }
          let w = weights + <usize>panel * panelBytes;
          let p0 = a0, p1 = a1, p2 = a2, p3 = a3;
          for (let r = 0; r < rowCount; r++) {
            for (const end = w + segmentBytes * 8; w < end; w += 32) {
              const b0 = v128.load(w), b1 = v128.load(w, 16);
              let x = v128.load32_splat(p0);
              s00 = multiplyAdd(x, b0, s00); s01 = multiplyAdd(x, b1, s01);
              x = v128.load32_splat(p1);
              s10 = multiplyAdd(x, b0, s10); s11 = multiplyAdd(x, b1, s11);
              x = v128.load32_splat(p2);
              s20 = multiplyAdd(x, b0, s20); s21 = multiplyAdd(x, b1, s21);
              x = v128.load32_splat(p3);
              s30 = multiplyAdd(x, b0, s30); s31 = multiplyAdd(x, b1, s31);
              p0 += 4; p1 += 4; p2 += 4; p3 += 4;
            }
            const skip = rowStride - segmentBytes;
            p0 += skip; p1 += skip; p2 += skip; p3 += skip;
          }

          const left = channels - channel;
          if (pooled) {
            // The bias is the same in all four cells, so the first maximum can be found without it.
            let index0 = i32x4.splat(w0), index1 = index0;
            let greater = f32x4.gt(s10, s00);
            s00 = v128.bitselect(s10, s00, greater); index0 = v128.bitselect(i32x4.splat(w1), index0, greater);
            greater = f32x4.gt(s11, s01);
            s01 = v128.bitselect(s11, s01, greater); index1 = v128.bitselect(i32x4.splat(w1), index1, greater);
            greater = f32x4.gt(s20, s00);
            s00 = v128.bitselect(s20, s00, greater); index0 = v128.bitselect(i32x4.splat(w2), index0, greater);
            greater = f32x4.gt(s21, s01);
            s01 = v128.bitselect(s21, s01, greater); index1 = v128.bitselect(i32x4.splat(w2), index1, greater);
            greater = f32x4.gt(s30, s00);
            s00 = v128.bitselect(s30, s00, greater); index0 = v128.bitselect(i32x4.splat(w3), index0, greater);
            greater = f32x4.gt(s31, s01);
            s01 = v128.bitselect(s31, s01, greater); index1 = v128.bitselect(i32x4.splat(w3), index1, greater);
            s00 = f32x4.add(s00, v128.load(plan.bias + shift)); s01 = f32x4.add(s01, v128.load(plan.bias + shift, 16));
            if (relu) { s00 = rectify(s00); s01 = rectify(s01); }
            storeFirst(y0 + shift, s00, left); storeFirst(y0 + shift + 16, s01, left - 4);
            const at: usize = plan.argmax + ((<usize>(poolImage * (windowCount >> 2) + pool) * channels + channel) << 2);
            storeFirst(at, index0, left); storeFirst(at + 16, index1, left - 4);
            continue;
          }
          if (last) {
            const b0 = v128.load(plan.bias + shift), b1 = v128.load(plan.bias + shift, 16);
            s00 = f32x4.add(s00, b0); s01 = f32x4.add(s01, b1);
            s10 = f32x4.add(s10, b0); s11 = f32x4.add(s11, b1);
            s20 = f32x4.add(s20, b0); s21 = f32x4.add(s21, b1);
            s30 = f32x4.add(s30, b0); s31 = f32x4.add(s31, b1);
            if (relu) {
              s00 = rectify(s00); s01 = rectify(s01); s10 = rectify(s10); s11 = rectify(s11);
              s20 = rectify(s20); s21 = rectify(s21); s30 = rectify(s30); s31 = rectify(s31);
            }
          }
          storeFirst(y0 + shift, s00, left); storeFirst(y0 + shift + 16, s01, left - 4);
          if (valid > 1) { storeFirst(y1 + shift, s10, left); storeFirst(y1 + shift + 16, s11, left - 4); }
          if (valid > 2) { storeFirst(y2 + shift, s20, left); storeFirst(y2 + shift + 16, s21, left - 4); }
          if (valid > 3) { storeFirst(y3 + shift, s30, left); storeFirst(y3 + shift + 16, s31, left - 4); }
        }
      }
    }
  }
}
