/** Sizes of images and of the zeros around them. */
@unmanaged
export class Border {
  /** Of a source image. */
  depth: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** How often each channel stands side by side in the target. */
  copies: i32;
  front: i32;
  top: i32;
  left: i32;
  /** Of a target image; what the source has beyond is left out. */
  targetDepth: i32;
  targetHeight: i32;
  targetWidth: i32;
}

/** Copies images and puts zeros around them: [N, D, H, W, C] → [N, TD, TH, TW, C · copies]. */
export function putBorder(info: Border, images: i32, source: usize, target: usize): void {
  const pixelBytes: usize = <usize>(info.channels * info.copies) << 2;
  const rowBytes: usize = <usize>info.targetWidth * pixelBytes;
  const depths = min(info.depth, info.targetDepth - info.front);
  const rows = min(info.height, info.targetHeight - info.top);
  const columns = min(info.width, info.targetWidth - info.left);
  memory.fill(target, 0, <usize>(images * info.targetDepth * info.targetHeight) * rowBytes);
  for (let n = 0; n < images; n++) {
    for (let d = 0; d < depths; d++) {
      for (let h = 0; h < rows; h++) {
        const from: usize = <usize>(((n * info.depth + d) * info.height + h) * info.width * info.channels) << 2;
        const row: usize = (n * info.targetDepth + info.front + d) * info.targetHeight + info.top + h;
        copyRow(source + from, target + row * rowBytes + <usize>info.left * pixelBytes, columns * info.channels, info.copies);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function copyRow(source: usize, target: usize, floats: i32, copies: i32): void {
  if (copies == 1) {
    memory.copy(target, source, <usize>floats << 2);
    return;
  }
  for (let i = 0; i < floats; i++) {
    const value = load<f32>(source + (<usize>i << 2));
    for (let m = 0; m < copies; m++) {
      store<f32>(target, value);
      target += 4;
    }
  }
}

/** The way back of the copies: target[i] = Σ_m source[i, m]. */
export function sumCopies(source: usize, count: i32, copies: i32, target: usize): void {
  for (let i = 0; i < count; i++) {
    let sum: f32 = 0;
    for (let m = 0; m < copies; m++) {
      sum += load<f32>(source);
      source += 4;
    }
    store<f32>(target + (<usize>i << 2), sum);
  }
}

export function copyFloats(source: usize, count: i32, target: usize): void {
  memory.copy(target, source, <usize>count << 2);
}
