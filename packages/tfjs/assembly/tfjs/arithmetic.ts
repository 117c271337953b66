// y = a ∘ b for one line. A stride is 16 bytes for a vector, and 0 for four copies of a scalar. NaN travels; max(-0, 0) is 0, min is -0, as in JavaScript.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;
const SQUARED_DIFFERENCE = 4;
const MAXIMUM = 5;
const MINIMUM = 6;
const PRELU = 7;
const FIRST = 8;

// @ts-ignore: decorator
@inline
function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  if (operation == DIVIDE) return f32x4.div(a, b);
  if (operation == MAXIMUM) return f32x4.max(a, b);
  if (operation == MINIMUM) return f32x4.min(a, b);
  if (operation == PRELU) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4(0, 0, 0, 0)));
  if (operation == FIRST) return a;
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
}

// @ts-ignore: decorator
@inline
function line(operation: i32, a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  const rest = count & 3;
  const end = y + (<usize>(count - rest) << 2);
  if (bStride == 0) {
    const scalar = v128.load(b);
    while (y < end) {
      v128.store(y, apply(operation, v128.load(a), scalar));
      a += aStride;
      y += 16;
    }
  }
  if (aStride != 0 && bStride != 0) {
    for (; y + 64 <= end; a += 64, b += 64, y += 64) {
      v128.store(y, apply(operation, v128.load(a), v128.load(b)));
      v128.store(y, apply(operation, v128.load(a, 16), v128.load(b, 16)), 16);
      v128.store(y, apply(operation, v128.load(a, 32), v128.load(b, 32)), 32);
      v128.store(y, apply(operation, v128.load(a, 48), v128.load(b, 48)), 48);
    }
  }
  while (y + 32 <= end) {
    v128.store(y, apply(operation, v128.load(a), v128.load(b)));
    v128.store(y, apply(operation, v128.load(a + aStride), v128.load(b + bStride)), 16);
    a += aStride << 1;
    b += bStride << 1;
    y += 32;
  }
  if (y < end) {
    v128.store(y, apply(operation, v128.load(a), v128.load(b)));
    a += aStride;
    b += bStride;
    y += 16;
  }
  if (rest > 0) storeFirst(y, apply(operation, loadFirst(a, rest), loadFirst(b, rest)), rest);
}

// One function each: within one, the compiler would join their loops, and choose again for every vector. Exports are
// not put into their callers.

export function addLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(ADD, a, aStride, b, bStride, y, count);
}

export function subtractLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(SUBTRACT, a, aStride, b, bStride, y, count);
}

export function multiplyLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(MULTIPLY, a, aStride, b, bStride, y, count);
}

export function divideLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(DIVIDE, a, aStride, b, bStride, y, count);
}

export function squaredDifferenceLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(SQUARED_DIFFERENCE, a, aStride, b, bStride, y, count);
}

export function maximumLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(MAXIMUM, a, aStride, b, bStride, y, count);
}

export function minimumLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(MINIMUM, a, aStride, b, bStride, y, count);
}

export function preluLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(PRELU, a, aStride, b, bStride, y, count);
}

export function firstLine(a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32): void {
  line(FIRST, a, aStride, b, bStride, y, count);
}

export function arithmeticLine(
  operation: i32, a: usize, aStride: usize, b: usize, bStride: usize, y: usize, count: i32,
): void {
  if (operation == ADD) addLine(a, aStride, b, bStride, y, count);
  else if (operation == SUBTRACT) subtractLine(a, aStride, b, bStride, y, count);
  else if (operation == MULTIPLY) multiplyLine(a, aStride, b, bStride, y, count);
  else if (operation == DIVIDE) divideLine(a, aStride, b, bStride, y, count);
  else if (operation == SQUARED_DIFFERENCE) squaredDifferenceLine(a, aStride, b, bStride, y, count);
  else if (operation == MAXIMUM) maximumLine(a, aStride, b, bStride, y, count);
  else if (operation == MINIMUM) minimumLine(a, aStride, b, bStride, y, count);
  else if (operation == PRELU) preluLine(a, aStride, b, bStride, y, count);
  else firstLine(a, aStride, b, bStride, y, count);
}
