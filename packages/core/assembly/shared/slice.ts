// A slice begins and ends at any float, and its bits must not depend on where. So the floats beyond the last whole
// vector go through the same vector instructions, one at a time in lane 0, and nothing is rounded differently there.

/** Four floats, or one in lane 0. `whole` is a constant: the branch disappears. */
// @ts-ignore: decorator
@inline
export function read(p: usize, whole: bool): v128 {
  return whole ? v128.load(p) : v128.load32_zero(p);
}

/** The floats there, added to those `apart` bytes on; 0: alone. */
// @ts-ignore: decorator
@inline
export function readSum(p: usize, apart: usize, whole: bool): v128 {
  const v = read(p, whole);
  return apart == 0 ? v : f32x4.add(v, read(p + apart, whole));
}

// @ts-ignore: decorator
@inline
export function write(p: usize, v: v128, whole: bool): void {
  if (whole) v128.store(p, v);
  else v128.store32_lane(p, v, 0);
}

/** Bytes in the whole vectors of `count` floats. */
// @ts-ignore: decorator
@inline
export function wholeBytes(count: i32): usize {
  return (<usize>(count & ~3)) << 2;
}

/** The bits of floats without their sign: as integers they are in the order of the floats' size. */
// @ts-ignore: decorator
@inline
export function magnitude(v: v128): v128 {
  return v128.and(v, i32x4.splat(0x7fffffff));
}

/** 1 when the largest magnitude in each lane is a finite float's: infinity comes first after all of them, then NaN. */
// @ts-ignore: decorator
@inline
export function allFinite(largest: v128): i32 {
  return i32(!v128.any_true(i32x4.ge_s(largest, i32x4.splat(0x7f800000))));
}
