// y = f(x) for `count` floats, with up to two parameters p and q. NaN travels, but through the sign, which is 0 for it.
import { loadFirst, rectify, storeFirst } from "@convoy/core/assembly/step/lanes";
import { exp4, expm1Of4, log1pOf4, log4 } from "./exponential";

const ABSOLUTE = 0;
const SQUARE_ROOT = 1;
const RECIPROCAL_ROOT = 2;
const RECIPROCAL = 3;
const CLIP = 4;
const STEP = 5;
const SIGN = 6;
const LEAKY_RELU = 7;
const EXPONENTIAL = 8;
const EXPONENTIAL_MINUS_1 = 9;
const LOGARITHM = 10;
const LOGARITHM_PLUS_1 = 11;
const TANH = 12;
const SELU = 13;
const SOFTPLUS = 14;
const QUOTIENT = 15;
const RELU = 16;

// @ts-ignore: decorator
@inline
function apply(operation: i32, x: v128, p: v128, q: v128): v128 {
  const zero = f32x4(0, 0, 0, 0);
  const one = f32x4.splat(1);
  if (operation == RELU) return rectify(x);
  if (operation == ABSOLUTE) return f32x4.abs(x);
  if (operation == SQUARE_ROOT) return f32x4.sqrt(x);
  if (operation == RECIPROCAL_ROOT) return f32x4.div(one, f32x4.sqrt(x));
  if (operation == RECIPROCAL) return f32x4.div(one, x);
  if (operation == QUOTIENT) return f32x4.div(x, p);
  if (operation == CLIP) return f32x4.pmin(f32x4.pmax(x, p), q);
  if (operation == STEP) {
    const y = v128.bitselect(one, p, f32x4.gt(x, zero));
    // All bits set are NaN.
    return v128.or(y, f32x4.ne(x, x));
  }
  if (operation == SIGN) {
    return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
  }
  if (operation == LEAKY_RELU) return v128.bitselect(f32x4.mul(x, p), x, f32x4.lt(x, zero));
  if (operation == EXPONENTIAL) return exp4(x);
  if (operation == EXPONENTIAL_MINUS_1) return expm1Of4(x);
  if (operation == LOGARITHM) return log4(x);
  if (operation == LOGARITHM_PLUS_1) return log1pOf4(x);
  if (operation == TANH) {
    const absolute = f32x4.abs(x);
    const e = expm1Of4(f32x4.pmin(f32x4.add(absolute, absolute), f32x4.splat(40)));
    const y = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
    return v128.bitselect(x, y, i32x4.splat(0x80000000));
  }
  if (operation == SELU) {
    return v128.bitselect(f32x4.mul(expm1Of4(x), p), f32x4.mul(x, q), f32x4.lt(x, zero));
  }
  // Softplus.
  const rest = log1pOf4(exp4(f32x4.neg(f32x4.abs(x))));
  return f32x4.add(rectify(x), rest);
}

// @ts-ignore: decorator
@inline
function line(operation: i32, x: usize, y: usize, count: i32, p: f32, q: f32): void {
  const pv = f32x4.splat(p);
  const qv = f32x4.splat(q);
  const rest = count & 3;
  const whole: usize = <usize>(count - rest) << 2;
  let at: usize = 0;
  for (; at + 64 <= whole; at += 64) {
    const a = v128.load(x + at), b = v128.load(x + at, 16), c = v128.load(x + at, 32), d = v128.load(x + at, 48);
    v128.store(y + at, apply(operation, a, pv, qv));
    v128.store(y + at, apply(operation, b, pv, qv), 16);
    v128.store(y + at, apply(operation, c, pv, qv), 32);
    v128.store(y + at, apply(operation, d, pv, qv), 48);
  }
  for (; at < whole; at += 16) v128.store(y + at, apply(operation, v128.load(x + at), pv, qv));
  if (rest > 0) storeFirst(y + whole, apply(operation, loadFirst(x + whole, rest), pv, qv), rest);
}

// One function each: within one, the compiler would join their loops, and choose again for every vector.

export function absoluteVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(ABSOLUTE, x, y, count, p, q);
}

export function squareRootVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(SQUARE_ROOT, x, y, count, p, q);
}

export function reciprocalRootVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(RECIPROCAL_ROOT, x, y, count, p, q);
}

export function reciprocalVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(RECIPROCAL, x, y, count, p, q);
}

export function clipVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(CLIP, x, y, count, p, q);
}

export function stepVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(STEP, x, y, count, p, q);
}

export function signVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(SIGN, x, y, count, p, q);
}

export function leakyReluVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(LEAKY_RELU, x, y, count, p, q);
}

export function exponentialVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(EXPONENTIAL, x, y, count, p, q);
}

export function exponentialMinus1Vector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(EXPONENTIAL_MINUS_1, x, y, count, p, q);
}

export function logarithmVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(LOGARITHM, x, y, count, p, q);
}

export function logarithmPlus1Vector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(LOGARITHM_PLUS_1, x, y, count, p, q);
}

export function tanhVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(TANH, x, y, count, p, q);
}

export function seluVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(SELU, x, y, count, p, q);
}

export function softplusVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(SOFTPLUS, x, y, count, p, q);
}

export function quotientVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(QUOTIENT, x, y, count, p, q);
}

export function reluVector(x: usize, y: usize, count: i32, p: f32, q: f32): void {
  line(RELU, x, y, count, p, q);
}
