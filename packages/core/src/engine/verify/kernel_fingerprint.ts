import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What decides which WebAssembly a network runs: the emitters, who asks them for what, and who checked it. */
const sources = ["../emit/", "../step/", "./"];
/** Kernels that were compiled ahead. */
const binaries = "../../../generated/kernels.js";

/**
 * SHA-256 of everything that `verifyKernels` judges, tfjs's version included: a verdict holds as long as it is the same.
 * Takes a few milliseconds, and starts no WebAssembly.
 */
export function kernelFingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of sources) {
    const url = new URL(folder, import.meta.url);
    // The same from src/ and from dist/, where declarations and maps lie beside the code.
    const names = readdirSync(url, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
    for (const name of names.filter((file) => /^[^.]+\.[jt]s$/.test(file)).sort()) {
      hash.update(name).update(readFileSync(new URL(name, url)));
    }
  }
  hash.update(readFileSync(new URL(binaries, import.meta.url)));
  const resolve = createRequire(import.meta.url);
  const { version }: { version: string } = resolve("@tensorflow/tfjs-backend-wasm/package.json");
  return hash.update(version).digest("hex");
}
