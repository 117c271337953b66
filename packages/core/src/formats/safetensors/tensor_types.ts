/** The types that safetensors files have, by the bits of one value. Files with newer types exist, or will. */
const typesOfBits: readonly (readonly [bits: number, types: string])[] = [
  [4, "F4"],
  [6, "F6_E2M3 F6_E3M2"],
  [8, "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ"],
  [16, "U16 I16 F16 BF16"],
  [32, "U32 I32 F32"],
  [64, "U64 I64 F64 C64"],
];

const bitsOfType = new Map(
  typesOfBits.flatMap(([bits, types]) => types.split(" ").map((type) => [type, bits] as const)),
);

type Reader = (bytes: Uint8Array) => Float32Array;

const readers: ReadonlyMap<string, Reader> = new Map([
  ["F32", float32],
  ["F16", float16],
  ["BF16", bfloat16],
  ["F64", (bytes) => Float32Array.from(new Float64Array(...aligned(bytes, 8)))],
]);

/** The types that weights are read from, for messages. */
export const readTypes: string = [...readers.keys()].join(", ");

export function isReadType(dtype: string): boolean {
  return readers.has(dtype);
}

/** Bytes of so many values; undefined of a type that is not known, NaN where they fill no whole bytes. */
export function bytesOf(dtype: string, count: number): number | undefined {
  const each = bitsOfType.get(dtype);
  if (each === undefined) return undefined;
  return (count * each) % 8 === 0 ? (count * each) / 8 : Number.NaN;
}

/**
 * The values as float32: those of F16 and BF16 exactly, those of F64 rounded to the nearest, and to Infinity what is too large.
 * A view of `bytes` where they are float32 that lie on whole floats.
 *
 * @param dtype one for which `isReadType` holds
 */
export function toFloat32(dtype: string, bytes: Uint8Array): Float32Array {
  return readers.get(dtype)!(bytes);
}

function float32(bytes: Uint8Array): Float32Array {
  return new Float32Array(...aligned(bytes, 4));
}

/** The upper half of a float32. */
function bfloat16(bytes: Uint8Array): Float32Array {
  const halves = new Uint16Array(...aligned(bytes, 2));
  const words = new Uint32Array(halves.length);
  for (const [i, half] of halves.entries()) words[i] = half << 16;
  return new Float32Array(words.buffer);
}

/**
 * Sign, five bits of exponent and ten of fraction: IEEE 754 binary16. By hand, for Float16Array is not in all engines.
 */
function float16(bytes: Uint8Array): Float32Array {
  const halves = new Uint16Array(...aligned(bytes, 2));
  const words = new Uint32Array(halves.length);
  const values = new Float32Array(words.buffer);
  for (const [i, half] of halves.entries()) {
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    const sign = (half & 0x8000) << 16;
    if (exponent === 0) values[i] = (sign === 0 ? 1 : -1) * fraction * 2 ** -24;
    else words[i] = sign | ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13);
  }
  return values;
}

/** Where a typed array of elements of so many bytes can view them: a copy where they begin at another address. */
function aligned(bytes: Uint8Array, size: number): [buffer: ArrayBufferLike, byteOffset: number, length: number] {
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return [buffer, byteOffset, length / size];
}
