// y = max(x, 0); NaN stays NaN. Shape: x, y [count].
import { loadFirst, rectify, storeFirst } from "../step/lanes";

export function reluVector(x: usize, y: usize, count: i32): void {
  const whole: usize = <usize>(count & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, rectify(v128.load(x + at)));
  storeFirst(y + whole, rectify(loadFirst(x + whole, count & 3)), count & 3);
}
