import { memoryOf } from "@convoy/core/engine";
import type { TfjsKernel } from "../kernel_context.ts";
import { type ResizeAttributes, sourcePixels } from "./source_pixels.ts";

/**
 * Each pixel is the nearest one of x. Shape: [N, H, W, C] → [N, OH, OW, C].
 * The stock kernel gives float32 for whole numbers, and rounds those above 2²⁴.
 */
export const resizeNearestNeighbor: TfjsKernel = (context, inputs, attributes, stock) => {
  const { images } = inputs;
  if (images.dtype !== "int32") return stock(inputs, attributes);
  const [count, height, width, channels] = images.shape;
  const [outHeight, outWidth] = attributes["size"] as [number, number];
  const how = attributes as unknown as ResizeAttributes;
  const rows = sourcePixels(height, outHeight, "nearest", how);
  const columns = sourcePixels(width, outWidth, "nearest", how);
  const y = context.output([count, outHeight, outWidth, channels], "int32");
  const turned = context.output([count, outHeight, width, channels], "int32");
  const places = context.scratch((outHeight + outWidth) * 4);
  const words = new Int32Array(memoryOf(context.backend).buffer, places, outHeight + outWidth);
  words.set([...rows, ...columns].map(({ low }) => low));
  const { address, kernels } = context;
  const pixel = channels * 4;
  kernels.gatherSlices(address(images), places, address(turned), count, height, outHeight, width * pixel);
  const beside = places + outHeight * 4;
  kernels.gatherSlices(address(turned), beside, address(y), count * outHeight, width, outWidth, pixel);
  context.release(turned);
  return y;
};

/** Of images without pixels there is nothing to take, and the stock kernels leave memory as it was. */
export function ofSomePixels(kernel: TfjsKernel): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { images } = inputs;
    if (context.tf.util.sizeFromShape(images.shape) > 0) return kernel(context, inputs, attributes, stock);
    const [count, , , channels] = images.shape;
    const y = context.output(
      [count, ...(attributes["size"] as [number, number]), channels],
      images.dtype === "int32" && kernel === resizeNearestNeighbor ? "int32" : "float32",
    );
    context.backend.typedArrayFromHeap(y).fill(Number.NaN);
    return y;
  };
}
