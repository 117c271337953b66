// The step's first pass: staged images → the first layer's input, with room for its padding.

@unmanaged
export class InputPlan {
  /** Images as they were gathered, each `stagedStride` bytes after the one before. */
  staged: usize;
  stagedStride: usize;
  output: usize;
  imageStride: usize;
  rowStride: usize;
  rows: i32;
  /** Values in a row: width × channels. */
  width: i32;
}

/** output = byte · scale + shift, that is (byte / 255 - mean) / deviation. */
export function normalizeBytes(plan: InputPlan, images: i32, scale: f32, shift: f32): void {
  const scales = f32x4.splat(scale);
  const shifts = f32x4.splat(shift);
  const width = plan.width;
  for (let n = 0; n < images; n++) {
    let from = plan.staged + <usize>n * plan.stagedStride;
    for (let r = 0; r < plan.rows; r++) {
      let to = plan.output + <usize>n * plan.imageStride + <usize>r * plan.rowStride;
      let i = 0;
      for (; i + 4 <= width; i += 4) {
        const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
        v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(bytes), scales), shifts));
        from += 4;
        to += 16;
      }
      for (; i < width; i++) {
        store<f32>(to, <f32>load<u8>(from) * scale + shift);
        from += 1;
        to += 4;
      }
    }
  }
}

/** Floats are taken as they are. */
export function copyFloats(plan: InputPlan, images: i32): void {
  const bytes: usize = <usize>plan.width << 2;
  for (let n = 0; n < images; n++) {
    let from = plan.staged + <usize>n * plan.stagedStride;
    for (let r = 0; r < plan.rows; r++) {
      memory.copy(plan.output + <usize>n * plan.imageStride + <usize>r * plan.rowStride, from, bytes);
      from += bytes;
    }
  }
}
