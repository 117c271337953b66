/** What of WebAssembly a JavaScript engine has, as far as kernels need it. */
export interface EngineFeatures {
  readonly webAssembly: boolean;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Memory that threads share. */
  readonly sharedMemory: boolean;
}

/** Finds out by modules of a few bytes, of which none is compiled. */
export function engineFeatures(): EngineFeatures {
  // As with --jitless.
  const webAssembly = typeof WebAssembly !== "undefined";
  const takes = (sections: readonly number[]): boolean =>
    webAssembly && WebAssembly.validate(Uint8Array.of(...header, ...sections));
  return {
    webAssembly,
    simd: takes(vectorModule(zeroVector)),
    relaxedSimd: takes(vectorModule(relaxedMultiplyAdd)),
    sharedMemory: takes(onePageShared),
  };
}

/** Magic number and version 1. */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** i32.const 0, i32x4.splat: a zero vector. */
const zeroVector = [0x41, 0x00, 0xfd, 0x11];
/** Three zero vectors, f32x4.relaxed_madd */
const relaxedMultiplyAdd = [...zeroVector, ...zeroVector, ...zeroVector, 0xfd, 0x85, 0x02];

/** One function, () → (), of these instructions, whose result is dropped. */
function vectorModule(code: readonly number[]): readonly number[] {
  const body = [0x00, ...code, 0x1a, 0x0b];
  const sections = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00];
  return [...sections, 0x0a, body.length + 2, 0x01, body.length, ...body];
}

/** A section with one memory, shared, of one page at most. */
const onePageShared = [0x05, 0x04, 0x01, 0x03, 0x01, 0x01];
