import { createHash } from "node:crypto";
import { endianness } from "node:os";

/**
 * The fingerprint that tells whether two runs gave the same bits.
 *
 *     SHA-256 of the parameters in declaration order, as little-endian float32, and of nothing else
 *
 * @param weights the flat parameter vector; it may lie in shared memory
 *
 * @example
 * weightsSha256(model.getWeights()) === model.weightsSha256() // true
 */
export function weightsSha256(weights: Float32Array): string {
  // A copy: the bytes of shared memory could change while they are hashed.
  const bytes = Buffer.from(new Float32Array(weights).buffer);
  if (endianness() === "BE") bytes.swap32();
  return createHash("sha256").update(bytes).digest("hex");
}
