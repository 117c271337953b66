import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { identity } from "../types/identity.ts";
import { complexMultiply, onPairs } from "./arithmetic.ts";
import { byParts } from "./by_parts.ts";
import { castComplex, onesLike, zerosLike } from "./conversion.ts";
import { fft, ifft } from "./fourier.ts";
import { complexAbs, imaginaryPart, realPart } from "./parts.ts";

const stockKernel: TfjsKernel = (_, inputs, attributes, stock) => stock(inputs, attributes);

/** What takes complex64 tensors; all other operations refuse them. */
export const complexKernels: KernelFamily = {
  Add: onPairs("Add"),
  AddN: byParts("AddN"),
  Cast: castComplex,
  ComplexAbs: complexAbs,
  Concat: byParts("Concat"),
  ExpandDims: stockKernel,
  FFT: fft,
  GatherV2: byParts("GatherV2"),
  IFFT: ifft,
  Identity: identity,
  Imag: imaginaryPart,
  Multiply: complexMultiply,
  Neg: byParts("Neg"),
  OnesLike: onesLike,
  Pack: byParts("Pack"),
  PadV2: byParts("PadV2", { constantValue: 0 }),
  Real: realPart,
  Reshape: stockKernel,
  Reverse: byParts("Reverse"),
  Slice: byParts("Slice"),
  SplitV: byParts("SplitV"),
  StridedSlice: byParts("StridedSlice"),
  Sub: onPairs("Sub"),
  Sum: byParts("Sum"),
  Tile: byParts("Tile"),
  Transpose: byParts("Transpose"),
  Unpack: byParts("Unpack"),
  ZerosLike: zerosLike,
};
