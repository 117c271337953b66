/**
 * WebAssembly.Memory, as far as we use it. TypeScript has its type in lib "dom" alone, and who uses our types may do
 * without that.
 */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
