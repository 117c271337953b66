/** Whether one of some floats is NaN: without any, the largest of a window is found by one comparison a cell. */
export function hasNaN(x: usize, floats: i32): bool {
  const end: usize = x + (<usize>floats << 2);
  const whole: usize = x + (<usize>(floats & ~15) << 2);
  let found = i32x4.splat(0);
  for (; x < whole; x += 64) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    const first = v128.or(f32x4.ne(a, a), f32x4.ne(b, b));
    found = v128.or(found, v128.or(first, v128.or(f32x4.ne(c, c), f32x4.ne(d, d))));
  }
  let any = v128.any_true(found);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    any = any || value != value;
  }
  return any;
}
