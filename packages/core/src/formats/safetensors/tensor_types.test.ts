import test from "ava";
import { bytesOf, toFloat32 } from "./tensor_types.ts";

function bytes(array: Uint16Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer);
}

test("BF16 is the upper half of a float32, worked out by hand", (t) => {
  const halves = Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x8000, 0x0001, 0x4049);
  // 0x0001 stands for 0x00010000, a subnormal of 2^-149 times 2^16.
  t.deepEqual([...toFloat32("BF16", bytes(halves))], [1, -2, Infinity, -0, 2 ** -133, 3.140625]);
});

test("F16 is worked out by hand at its ends: the largest, the smallest, subnormals, zeros", (t) => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x83ff, 0x0400, 0x8000, 0x7c00, 0x3555);
  t.deepEqual(
    [...toFloat32("F16", bytes(halves))],
    [1, -2, 65504, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, -0, Infinity, 0.333251953125],
  );
});

test("all 65,536 numbers of F16 are what the engine's own Float16Array says", (t) => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  // As numbers: an engine may give NaN other bits.
  t.deepEqual([...toFloat32("F16", bytes(halves))], [...new Float16Array(halves.buffer)]);
});

test("F64 is rounded to the nearest float32, from any address", (t) => {
  const doubles = bytes(Float64Array.of(0.1, -1e300, Number.NaN, 1e-50));
  const shifted = new Uint8Array(doubles.length + 1).subarray(1);
  shifted.set(doubles);
  t.deepEqual([...toFloat32("F64", shifted)], [Math.fround(0.1), -Infinity, Number.NaN, 0]);
});

test("a type has as many bytes as the format says, and a new one has an unknown number", (t) => {
  t.is(bytesOf("I64", 3), 24);
  t.is(bytesOf("F4", 2), 1);
  t.is(bytesOf("F6_E2M3", 1), Number.NaN);
  t.is(bytesOf("F7", 1), undefined);
});
