import { setFlagsFromString } from "node:v8";

/** Has V8 fuse pairs of 128-bit vector instructions into 256-bit ones. */
export const wideFlag = "--experimental-wasm-revectorize";

/** For the whole process, threads included, and for all WebAssembly that is compiled from now on. */
export function setWideFlag(isSet = true): void {
  setFlagsFromString(isSet ? wideFlag : wideFlag.replace("--", "--no-"));
}
