import { memoryOf } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { type ResizeAttributes, type SourcePixel, sourcePixels } from "./source_pixels.ts";

/**
 * Gradient of resizeBilinear or resizeNearestNeighbor: each output pixel's goes back to the pixels it was made from.
 * Shape: dy [N, OH, OW, C] → [N, H, W, C].
 * The stock kernels know nothing of halfPixelCenters, and the nearest one loses the gradient of an axis of one pixel with
 * alignCorners.
 */
function resizeGradient(kind: "bilinear" | "nearest"): TfjsKernel {
  return (context, { images, dy }, attributes) => {
    if (dy.dtype !== "float32") {
      throw new TfjsError("TAPE_TYPE", `the gradient of a resized image is float32; got ${dy.dtype}. Cast it first.`);
    }
    const [count, height, width, channels] = images.shape;
    const [, outHeight, outWidth] = dy.shape;
    const how = attributes as unknown as ResizeAttributes;
    const dx = context.output(images.shape);
    const columns = structWords + outHeight * 3;
    const struct = context.scratch((columns + outWidth * 3) * 4);
    const { buffer } = memoryOf(context.backend);
    new Int32Array(buffer, struct, structWords).set([count, height, width, channels, outHeight, outWidth]);
    write(buffer, struct + structWords * 4, sourcePixels(height, outHeight, kind, how));
    write(buffer, struct + columns * 4, sourcePixels(width, outWidth, kind, how));
    const { kernels, address } = context;
    kernels.resizeGradient(struct, struct + structWords * 4, struct + columns * 4, address(dy), address(dx));
    return dx;
  };
}

const structWords = 6;

function write(memory: ArrayBufferLike, address: number, pixels: readonly SourcePixel[]): void {
  const integers = new Int32Array(memory, address, pixels.length * 3);
  const floats = new Float32Array(memory, address, pixels.length * 3);
  for (const [i, { low, high, share }] of pixels.entries()) {
    integers[3 * i] = low;
    integers[3 * i + 1] = high;
    floats[3 * i + 2] = share;
  }
}

export const resizeBilinearGrad: TfjsKernel = resizeGradient("bilinear");
export const resizeNearestNeighborGrad: TfjsKernel = resizeGradient("nearest");
