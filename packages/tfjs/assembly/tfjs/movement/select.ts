// y[i] = condition[i] ? t[i] : e[i] for `count` elements of 1 or 4 bytes, of any type. A condition is a byte, true unless 0.

export function selectElements(condition: usize, t: usize, e: usize, y: usize, count: i32, bytes: i32): void {
  if (bytes == 4) selectWords(condition, t, e, y, count);
  else selectBytes(condition, t, e, y, count);
}

function selectWords(condition: usize, t: usize, e: usize, y: usize, count: i32): void {
  const zero = i32x4.splat(0);
  const end = y + (<usize>(count & ~3) << 2);
  while (y < end) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    v128.store(y, v128.bitselect(v128.load(t), v128.load(e), i32x4.ne(words, zero)));
    condition += 4;
    t += 16;
    e += 16;
    y += 16;
  }
  for (let i: usize = 0; i < <usize>(count & 3); i++) {
    store<u32>(y + (i << 2), load<u32>((load<u8>(condition + i) ? t : e) + (i << 2)));
  }
}

function selectBytes(condition: usize, t: usize, e: usize, y: usize, count: i32): void {
  const zero = i8x16.splat(0);
  const end = y + <usize>(count & ~15);
  while (y < end) {
    v128.store(y, v128.bitselect(v128.load(t), v128.load(e), i8x16.ne(v128.load(condition), zero)));
    condition += 16;
    t += 16;
    e += 16;
    y += 16;
  }
  for (let i: usize = 0; i < <usize>(count & 15); i++) {
    store<u8>(y + i, load<u8>((load<u8>(condition + i) ? t : e) + i));
  }
}
