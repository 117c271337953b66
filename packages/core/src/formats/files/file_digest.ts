import { createHash } from "node:crypto";

/** Where a safetensors file says its own SHA-256, in the metadata. */
export const digestKey = "convoy.sha256";

export const digestLength = 64;

/** What stands in place of the digits while the digest is taken. */
export const noDigest: string = "0".repeat(digestLength);

/**
 * The SHA-256 that a file carries within itself: of all its bytes, with a zero, "0", for each of the digest's own digits.
 *
 * @param at where the 64 digits stand in `bytes`
 * @returns 64 lower-case hexadecimal digits
 *
 * @example
 * ownDigest(new TextEncoder().encode(`sha256=${"?".repeat(64)}\n`), 7) // the same whatever stands for the digits
 */
export function ownDigest(bytes: Uint8Array, at: number): string {
  return createHash("sha256")
    .update(bytes.subarray(0, at))
    .update(noDigest)
    .update(bytes.subarray(at + digestLength))
    .digest("hex");
}
