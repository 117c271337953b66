// dx = dy · step(x), where step is 1 above 0, NaN for NaN and 0 elsewhere. Shape: dy, x, dx [count].
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

// @ts-ignore: decorator
@inline
function through(dy: v128, x: v128): v128 {
  const open = v128.bitselect(f32x4.splat(1), f32x4(0, 0, 0, 0), f32x4.gt(x, f32x4(0, 0, 0, 0)));
  return f32x4.mul(dy, v128.bitselect(x, open, f32x4.ne(x, x)));
}

export function reluGradient(dy: usize, x: usize, dx: usize, count: i32): void {
  const rest = count & 3;
  const whole: usize = <usize>(count - rest) << 2;
  for (let at: usize = 0; at < whole; at += 16) v128.store(dx + at, through(v128.load(dy + at), v128.load(x + at)));
  storeFirst(dx + whole, through(loadFirst(dy + whole, rest), loadFirst(x + whole, rest)), rest);
}
