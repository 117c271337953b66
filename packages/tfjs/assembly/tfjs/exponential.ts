// exp, expm1, log and log1p of four floats. Polynomials, since a table would be static data. NaN travels.

/** n = x / ln 2, rounded, and r = x - n ln 2 with |r| ≤ ln 2 / 2; n · 0.693359375 is exact for |n| ≤ 2^14. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, n: v128): v128 {
  const r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
}

/** exp(r) - 1 = r + r² P(r) on |r| ≤ ln 2 / 2. Source: Cephes, expf.c. */
// @ts-ignore: decorator
@inline
function expm1OfReduced(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p));
}

/** 2^n for an integer n, -126 to 127. */
// @ts-ignore: decorator
@inline
function powerOf2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-105)), f32x4.splat(90));
  const n = f32x4.nearest(f32x4.mul(held, f32x4.splat(1.44269504)));
  const p = f32x4.add(expm1OfReduced(reduced(held, n)), f32x4.splat(1));
  // In two factors, of which each is normal, although the result may be subnormal or infinite.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, powerOf2(half)), powerOf2(i32x4.sub(whole, half)));
}

// @ts-ignore: decorator
@inline
export function expm1Of4(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-30)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(held, f32x4.splat(1.44269504)));
  const p = expm1OfReduced(reduced(held, n));
  // 2^(n - 1), since 2^128 would overflow where the result does not.
  const scale = powerOf2(i32x4.sub(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(1)));
  const y = f32x4.add(f32x4.mul(p, scale), f32x4.sub(scale, f32x4.splat(0.5)));
  // Of a tiny number it is that number; 0 keeps its sign.
  return v128.bitselect(x, f32x4.add(y, y), f32x4.lt(f32x4.abs(x), f32x4.splat(1e-8)));
}

/** x = m 2^e with m from √½ to √2; log(1 + f) = f - f² / 2 + f³ P(f). Source: Cephes, logf.c. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
  // Adding 1 - √½ in bits moves the border between two exponents from 1 to √½.
  const moved = i32x4.add(normal, i32x4.splat(0x3f800000 - 0x3f3504f3));
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(moved, 23), i32x4.splat(127)));
  e = f32x4.sub(e, v128.and(subnormal, f32x4.splat(23)));
  const m = i32x4.add(v128.and(moved, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(f, y), f32x4.mul(e, f32x4.splat(0.693359375)));
  const infinity = f32x4.splat(Infinity);
  // ∞ and NaN are their own logarithms; of 0 it is -∞, of what lies below NaN.
  y = v128.bitselect(y, x, f32x4.lt(x, infinity));
  y = v128.bitselect(f32x4.neg(infinity), y, f32x4.eq(x, f32x4(0, 0, 0, 0)));
  return v128.bitselect(f32x4.splat(NaN), y, f32x4.lt(x, f32x4(0, 0, 0, 0)));
}

/** log(u) · x / (u - 1) with u = 1 + x rounded: what rounding took from u, the quotient gives back. Source: Kahan. */
// @ts-ignore: decorator
@inline
export function log1pOf4(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(x, one);
  const y = f32x4.mul(log4(u), f32x4.div(x, f32x4.sub(u, one)));
  return v128.bitselect(x, y, v128.or(f32x4.eq(u, one), f32x4.eq(x, f32x4.splat(Infinity))));
}
