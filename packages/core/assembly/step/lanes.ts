// Vectors of four floats, and the last one, two or three of a row.

/** max(v, 0); NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function rectify(v: v128): v128 {
  return f32x4.pmax(v, f32x4(0, 0, 0, 0));
}

/** Stores the first `count` floats of `v`, 0 to 4. */
// @ts-ignore: decorator
@inline
export function storeFirst(p: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(p, v);
  } else if (count == 3) {
    v128.store64_lane(p, v, 0);
    v128.store32_lane(p, v, 2, 8);
  } else if (count == 2) {
    v128.store64_lane(p, v, 0);
  } else if (count == 1) {
    v128.store32_lane(p, v, 0);
  }
}

/** Loads the first `count` floats, 0 to 4; the other lanes are zero. */
// @ts-ignore: decorator
@inline
export function loadFirst(p: usize, count: i32): v128 {
  if (count >= 4) return v128.load(p);
  if (count == 3) return v128.load32_lane(p, v128.load64_zero(p), 2, 8);
  if (count == 2) return v128.load64_zero(p);
  if (count == 1) return v128.load32_zero(p);
  return f32x4(0, 0, 0, 0);
}
