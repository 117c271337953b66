import { read, wholeBytes } from "./slice";

/** 1 when none of the `count` floats is NaN or infinite. */
export function finite(p: usize, count: i32): i32 {
  let largest = i32x4.splat(0);
  let at: usize = 0;
  for (const end = wholeBytes(count); at < end; at += 16) largest = i32x4.max_s(largest, magnitude(p + at, true));
  for (const end: usize = <usize>count << 2; at < end; at += 4) largest = i32x4.max_s(largest, magnitude(p + at, false));
  // Without the sign, the bits of floats are in the order of their size; infinity comes first after all finite ones.
  return i32(!v128.any_true(i32x4.ge_s(largest, i32x4.splat(0x7f800000))));
}

// @ts-ignore: decorator
@inline
function magnitude(p: usize, whole: bool): v128 {
  return v128.and(read(p, whole), i32x4.splat(0x7fffffff));
}
