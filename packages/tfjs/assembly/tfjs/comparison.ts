// y = a ∘ b as bytes 0 and 1, for one line. A stride is 16 bytes for a vector of floats, and 0 for four copies of one. A comparison with NaN is
// false, except ≠.

const GREATER = 16;
const GREATER_EQUAL = 17;
const LESS = 18;
const LESS_EQUAL = 19;
const EQUAL = 20;
const NOT_EQUAL = 21;

// @ts-ignore: decorator
@inline
function compare(operation: i32, a: v128, b: v128): v128 {
  if (operation == GREATER) return f32x4.gt(a, b);
  if (operation == GREATER_EQUAL) return f32x4.ge(a, b);
  if (operation == LESS) return f32x4.lt(a, b);
  if (operation == LESS_EQUAL) return f32x4.le(a, b);
  if (operation == EQUAL) return f32x4.eq(a, b);
  return f32x4.ne(a, b);
}

// @ts-ignore: decorator
@inline
function line(operation: i32, a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  const one = i8x16.splat(1);
  const rest = count & 15;
  const end = y + <usize>(count - rest);
  while (y < end) {
    const c0 = compare(operation, v128.load(a), v128.load(b));
    const c1 = compare(operation, v128.load(a + aStride), v128.load(b + bStride));
    a += aStride << 1;
    b += bStride << 1;
    const c2 = compare(operation, v128.load(a), v128.load(b));
    const c3 = compare(operation, v128.load(a + aStride), v128.load(b + bStride));
    a += aStride << 1;
    b += bStride << 1;
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(c0, c1), i16x8.narrow_i32x4_s(c2, c3));
    v128.store(y, v128.and(bytes, one));
    y += 16;
  }
  for (let i = 0; i < rest; i++) {
    store<u8>(y + i, i32x4.extract_lane(compare(operation, v128.load32_zero(a), v128.load32_zero(b)), 0) & 1);
    a += aStride >> 2;
    b += bStride >> 2;
  }
}

// One function each: within one, the compiler would join their loops, and choose again for every vector. Exports are
// not put into their callers.

export function greaterLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(GREATER, a, aStride, b, bStride, y, count);
}

export function greaterEqualLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(GREATER_EQUAL, a, aStride, b, bStride, y, count);
}

export function lessLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(LESS, a, aStride, b, bStride, y, count);
}

export function lessEqualLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(LESS_EQUAL, a, aStride, b, bStride, y, count);
}

export function equalLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(EQUAL, a, aStride, b, bStride, y, count);
}

export function notEqualLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(NOT_EQUAL, a, aStride, b, bStride, y, count);
}

export function comparisonLine(
  operation: i32, a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32,
): void {
  if (operation == GREATER) greaterLine(a, aStride, b, bStride, y, count);
  else if (operation == GREATER_EQUAL) greaterEqualLine(a, aStride, b, bStride, y, count);
  else if (operation == LESS) lessLine(a, aStride, b, bStride, y, count);
  else if (operation == LESS_EQUAL) lessEqualLine(a, aStride, b, bStride, y, count);
  else if (operation == EQUAL) equalLine(a, aStride, b, bStride, y, count);
  else notEqualLine(a, aStride, b, bStride, y, count);
}

/** y = a and b, for `count` bytes that are 0 or 1. */
export function logicalAnd(a: usize, b: usize, y: usize, count: i32): void {
  const whole: usize = <usize>(count & ~15);
  for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, v128.and(v128.load(a + at), v128.load(b + at)));
  for (let at: usize = whole; at < <usize>count; at++) store<u8>(y + at, load<u8>(a + at) & load<u8>(b + at));
}
