import { memoryOf } from "@convoy/core/engine";
import type { KernelContext } from "../kernel_context.ts";
import type { Images, Sizes } from "./image_sizes.ts";

/** Of the struct that `putBorder` reads. */
export const borderBytes = 48;

/** Images that get a border together should stay in the second-level cache, which is 512 KiB and up. */
const borderedBytes = 256 * 1024;

/** How many images of so many bytes get their border together. */
export function imagesAtOnce(images: number, imageBytes: number): number {
  return Math.max(1, Math.min(images, Math.floor(borderedBytes / imageBytes)));
}

/**
 * Tells `putBorder` how images lie in larger ones, with zeros around them.
 *
 * @param address of `borderBytes` bytes
 * @param copies how often each channel stands side by side
 */
export function writeBorder(
  context: KernelContext,
  address: number,
  source: Images,
  copies: number,
  before: Sizes,
  sizes: Sizes,
): void {
  const { buffer } = memoryOf(context.backend);
  new Int32Array(buffer, address, 11).set([...source.sizes, source.channels, copies, ...before, ...sizes]);
}
