import { allFinite, magnitude, read, wholeBytes } from "./slice";

/** 1 when none of the `count` floats is NaN or infinite. */
export function finite(p: usize, count: i32): i32 {
  let largest = i32x4.splat(0);
  let at: usize = 0;
  for (const end = wholeBytes(count); at < end; at += 16) largest = i32x4.max_s(largest, magnitude(read(p + at, true)));
  for (const end: usize = <usize>count << 2; at < end; at += 4) {
    largest = i32x4.max_s(largest, magnitude(read(p + at, false)));
  }
  return allFinite(largest);
}
