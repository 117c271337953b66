import type { Code, Local } from "../module/code.ts";

// The vector instructions that the kernels use. Groups of vectors are worked on in pairs side by side, each
// operation for the first and then for the second, because V8 fuses such pairs into 256-bit instructions.
// Source: WebAssembly SIMD and relaxed SIMD proposals, opcode tables.

export const op = {
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32Eqz: 0x45,
  i32Load: 0x28,
  i32Store: 0x36,
  i32And: 0x71,
  i32Or: 0x72,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  f32Load: 0x2a,
  f32Store: 0x38,
  f32Add: 0x92,
  f32ConvertInteger: 0xb2,
} as const;

export const simd = {
  load: 0x00,
  load32Splat: 0x09,
  store: 0x0b,
  store32Lane: 0x5a,
  store64Lane: 0x5b,
  i32Splat: 0x11,
  f32Splat: 0x13,
  bitselect: 0x52,
  i32Eq: 0x37,
  f32Ne: 0x42,
  f32Gt: 0x44,
  f32Le: 0x45,
  f32Ge: 0x46,
  anyTrue: 0x53,
  and: 0x4e,
  or: 0x50,
  andNot: 0x4f,
  bitmask: 0xa4,
  f32Add: 0xe4,
  f32Sub: 0xe5,
  f32Mul: 0xe6,
  f32Div: 0xe7,
  pmin: 0xea,
  pmax: 0xeb,
  i32Add: 0xae,
  relaxedMadd: 0x105,
  relaxedSelect: 0x10b,
} as const;

export function loadVector(code: Code, target: Local, base: Local, offset: number): void {
  code.get(base).simdMemory(simd.load, offset).set(target);
}

/** Loads whole vectors side by side. */
export function loadVectors(code: Code, targets: readonly Local[], base: Local, offset: number): void {
  for (const [n, target] of targets.entries()) loadVector(code, target, base, offset + n * 16);
}

export function loadSplat(code: Code, target: Local, base: Local, offset: number): void {
  code.get(base).simdMemory(simd.load32Splat, offset).set(target);
}

/** sums[n] += x · factors[n] */
export function multiplyAdd(code: Code, sums: readonly Local[], x: Local, factors: readonly Local[]): void {
  for (const [n, sum] of sums.entries()) code.get(x).get(factors[n]).get(sum).simd(simd.relaxedMadd).set(sum);
}

/** sums[n] += factor · values[n] */
export function addMultiple(code: Code, sums: readonly Local[], factor: number, values: readonly Local[]): void {
  for (const [n, sum] of sums.entries()) {
    splatConstant(code, factor).get(values[n]).get(sum).simd(simd.relaxedMadd).set(sum);
  }
}

/** Pushes a vector of the same four floats. */
function splatConstant(code: Code, value: number): Code {
  const [bits] = new Int32Array(Float32Array.of(value).buffer);
  return code.vectorConstant([bits, bits, bits, bits]);
}

/** targets[n] *= factor */
export function scale(code: Code, targets: readonly Local[], factor: number): void {
  for (const target of targets) splatConstant(code.get(target), factor).simd(simd.f32Mul).set(target);
}

export function zero(code: Code, targets: readonly Local[]): void {
  for (const target of targets) code.vectorConstant([0, 0, 0, 0]).set(target);
}

export function copy(code: Code, targets: readonly Local[], sources: readonly Local[]): void {
  for (const [n, target] of targets.entries()) code.get(sources[n]).set(target);
}

/** targets = a ± b */
export function combine(
  code: Code,
  targets: readonly Local[],
  a: readonly Local[],
  operation: "add" | "subtract",
  b: readonly Local[],
): void {
  const opcode = operation === "add" ? simd.f32Add : simd.f32Sub;
  for (const [n, target] of targets.entries()) code.get(a[n]).get(b[n]).simd(opcode).set(target);
}

export function addVectors(code: Code, targets: readonly Local[], addends: readonly Local[]): void {
  for (const [n, target] of targets.entries()) code.get(target).get(addends[n]).simd(simd.f32Add).set(target);
}

/** target = the floats of `a` (0 to 3) and `b` (4 to 7) with these numbers. */
export function pick(code: Code, target: Local, a: Local, b: Local, floats: readonly number[]): void {
  const bytes = floats.flatMap((float) => [0, 1, 2, 3].map((byte) => float * 4 + byte));
  code.get(a).get(b).shuffle(bytes).set(target);
}

/**
 * Stores whole vectors side by side: the pairs among such stores are what V8 fuses a kernel from. The second of a pair comes
 * first, because V8 stores a first one twice, alone and fused, in case the second lies behind the end of memory.
 */
export function storeRow(code: Code, base: Local, offset: number, row: readonly Local[]): void {
  for (let n = 0; n < row.length; n += 2) {
    for (const m of n + 1 < row.length ? [n + 1, n] : [n]) {
      code
        .get(base)
        .get(row[m])
        .simdMemory(simd.store, offset + m * 16);
    }
  }
}

/**
 * The same for rows that lie over each other. Among stores of one base V8 takes those for a pair that are a vector apart, also
 * of two rows; so each row has a base of its own.
 */
export function storeRowApart(code: Code, base: Local, offset: number, row: readonly Local[]): void {
  const own = code.local("i32");
  code.advance(own, base, offset);
  storeRow(code, own, 0, row);
  code.release("i32", own);
}

/** Stores the first `floats` floats of a row of one or more vectors; what lies behind them stays as it is. */
export function storeFirst(code: Code, base: Local, offset: number, row: readonly Local[], floats: number): void {
  if (floats === row.length * 4) storeRow(code, base, offset, row);
  else if (row.length === 1) storeLanes(code, base, offset, row[0], floats);
  else {
    // A blend with what is there, because stores of single lanes would leave the row without its pairs.
    for (let n = Math.floor(floats / 8) * 2; n < row.length; n++) {
      const lanes = [0, 1, 2, 3].map((lane) => (n * 4 + lane < floats ? -1 : 0));
      code
        .get(row[n])
        .get(base)
        .simdMemory(simd.load, offset + n * 16);
      code.vectorConstant(lanes).simd(simd.bitselect).set(row[n]);
    }
    storeRowApart(code, base, offset, row);
  }
}

/** The same without a look at what lies behind: faster where a kernel only moves values, and its last pair is not fused. */
export function storeFloats(code: Code, base: Local, offset: number, row: readonly Local[], floats: number): void {
  const whole = Math.floor(floats / 4);
  storeRow(code, base, offset, row.slice(0, whole));
  if (floats % 4 > 0) storeLanes(code, base, offset + whole * 16, row[whole], floats % 4);
}

function storeLanes(code: Code, base: Local, offset: number, vector: Local, floats: number): void {
  if (floats >= 2) code.get(base).get(vector).simdMemory(simd.store64Lane, offset, 0);
  if (floats === 3)
    code
      .get(base)
      .get(vector)
      .simdMemory(simd.store32Lane, offset + 8, 2);
  if (floats === 1) code.get(base).get(vector).simdMemory(simd.store32Lane, offset, 0);
}

export function storeFloat(code: Code, base: Local, offset: number, vector: Local): void {
  code.get(base).get(vector).simdMemory(simd.store32Lane, offset, 0);
}

/** Where `candidates` is greater, takes it into `best` and its index into `indices`. */
export function takeGreater(
  code: Code,
  best: readonly Local[],
  indices: readonly Local[],
  candidates: readonly Local[],
  index: Local,
  masks: readonly Local[],
): void {
  for (const [n, mask] of masks.entries()) code.get(candidates[n]).get(best[n]).simd(simd.f32Gt).set(mask);
  take(code, best, candidates, masks);
  take(
    code,
    indices,
    indices.map(() => index),
    masks,
  );
}

/** targets = values where the mask, all ones or all zeros in a lane, is set: one instruction where a bitselect is three. */
export function take(code: Code, targets: readonly Local[], values: readonly Local[], masks: readonly Local[]): void {
  for (const [n, mask] of masks.entries()) {
    code.get(values[n]).get(targets[n]).get(mask).simd(simd.relaxedSelect).set(targets[n]);
  }
}

export function splatInteger(code: Code, target: Local, source: Local, addend: number): void {
  code.get(source).constant(addend).op(op.i32Add).simd(simd.i32Splat).set(target);
}

/** target += integers, lane by lane */
export function addIntegers(code: Code, target: Local, integers: readonly number[]): void {
  code.get(target).vectorConstant(integers).simd(simd.i32Add).set(target);
}

/** mask = all ones where the gradient is not zero. A NaN counts: it must travel on. */
export function nonZero(code: Code, mask: Local, gradient: Local): void {
  code.get(gradient).vectorConstant([0, 0, 0, 0]).simd(simd.f32Ne).set(mask);
}

/** Pushes the bits of the lanes in which `mask` is set and `values` equals `wanted`. */
export function equalLanes(code: Code, mask: Local, values: Local, wanted: Local): void {
  code.get(values).get(wanted).simd(simd.i32Eq).get(mask).simd(simd.and).simd(simd.bitmask);
}

/** targets = targets / divisor */
export function divide(code: Code, targets: readonly Local[], divisor: Local): void {
  for (const target of targets) code.get(target).get(divisor).simd(simd.f32Div).set(target);
}

/** target = the integer on the stack as a float, in all lanes. */
export function splatFloat(code: Code, target: Local): void {
  code.op(op.f32ConvertInteger).simd(simd.f32Splat).set(target);
}

/** masks = all ones where the candidate is greater than the best, or no number: it must travel on. */
export function largerOrNaN(
  code: Code,
  masks: readonly Local[],
  candidates: readonly Local[],
  best: readonly Local[],
): void {
  for (const [n, mask] of masks.entries()) code.get(candidates[n]).get(best[n]).simd(simd.f32Gt).set(mask);
  for (const [n, mask] of masks.entries()) {
    code.get(candidates[n]).get(candidates[n]).simd(simd.f32Ne).get(mask).simd(simd.or).set(mask);
  }
}

/** targets = values where the integers equal the wanted one, else 0 */
export function maskWhereEqual(
  code: Code,
  targets: readonly Local[],
  values: readonly Local[],
  integers: readonly Local[],
  wanted: Local,
): void {
  for (const [n, target] of targets.entries()) {
    code.get(integers[n]).get(wanted).simd(simd.i32Eq).get(values[n]).simd(simd.and).set(target);
  }
}

/** target |= vector, of which only these bits of each lane count */
export function addBits(code: Code, target: Local, vector: Local, lanes: readonly number[]): void {
  code.get(vector).vectorConstant(lanes).simd(simd.and).get(target).simd(simd.or).set(target);
}

/** Pushes 1 where any bit is set, else 0. */
export function anyBit(code: Code, vector: Local): void {
  code.get(vector).simd(simd.anyTrue);
}

/** targets = 0 where the bit of an integer is set, in all lanes */
export function clearWhereBit(code: Code, targets: readonly Local[], integer: Local, bit: number): void {
  const kept = code.local("v128");
  // 0 - 1 keeps all, 1 - 1 nothing.
  code.get(integer).constant(bit).op(op.i32ShrU).constant(1).op(op.i32And).constant(1).op(op.i32Sub);
  code.simd(simd.i32Splat).set(kept);
  for (const target of targets) code.get(target).get(kept).simd(simd.and).set(target);
  code.release("v128", kept);
}
