import type { TfjsKernel } from "../kernel_context.ts";

/**
 * Boxes cut out of images and resized. Beyond an image is the extrapolation value; a box of an image that is not there is
 * zeros, as on tfjs's CPU backend. Shape: image [N, H, W, C], boxes [B, 4] as [y1, x1, y2, x2], boxInd [B] → [B, CH, CW, C].
 *
 * The stock kernel copies rows from the image's left edge where a box is as wide as its crop, and does not round to the
 * nearest one; it leaves boxes unwritten whose image is not there, and reads beyond an image without pixels.
 */
export const cropAndResize: TfjsKernel = (context, { image, boxes, boxInd }, attributes) => {
  const { cropSize, method, extrapolationValue } = attributes as {
    cropSize: [number, number];
    method: "bilinear" | "nearest";
    extrapolationValue: number;
  };
  const [images, height, width, channels] = image.shape;
  const [cropHeight, cropWidth] = cropSize;
  const count = boxInd.shape[0];
  const y = context.output([count, cropHeight, cropWidth, channels]);
  const { backend } = context;
  const from = backend.typedArrayFromHeap(image);
  const corners = backend.typedArrayFromHeap(boxes);
  const imageOf = backend.typedArrayFromHeap(boxInd);
  const to = backend.typedArrayFromHeap(y).fill(0);
  let at = 0;
  for (let box = 0; box < count; box++) {
    const n = imageOf[box];
    const [y1, x1, y2, x2] = corners.subarray(box * 4, box * 4 + 4);
    if (n < 0 || n >= images) {
      at += cropHeight * cropWidth * channels;
      continue;
    }
    for (let h = 0; h < cropHeight; h++) {
      const row = position(h, cropHeight, y1, y2, height);
      for (let w = 0; w < cropWidth; w++, at += channels) {
        const column = position(w, cropWidth, x1, x2, width);
        // A comparison with NaN is false.
        const inside = row >= 0 && row <= height - 1 && column >= 0 && column <= width - 1;
        if (!inside) {
          to.fill(extrapolationValue, at, at + channels);
          continue;
        }
        const first = n * height;
        const pixel = (below: number, beside: number): number => ((first + below) * width + beside) * channels;
        if (method === "nearest") {
          const source = pixel(Math.round(row), Math.round(column));
          for (let c = 0; c < channels; c++) to[at + c] = from[source + c];
          continue;
        }
        const [top, left] = [Math.floor(row), Math.floor(column)];
        const [bottom, right] = [Math.ceil(row), Math.ceil(column)];
        const [a, b, d, e] = [pixel(top, left), pixel(top, right), pixel(bottom, left), pixel(bottom, right)];
        const [down, across] = [row - top, column - left];
        for (let c = 0; c < channels; c++) {
          const upper = from[a + c] + (from[b + c] - from[a + c]) * across;
          const lower = from[d + c] + (from[e + c] - from[d + c]) * across;
          to[at + c] = upper + (lower - upper) * down;
        }
      }
    }
  }
  return y;
};

/** Where in the image the i-th of a crop's pixels lies along one axis. */
function position(i: number, crop: number, low: number, high: number, size: number): number {
  if (crop === 1) return 0.5 * (low + high) * (size - 1);
  return low * (size - 1) + i * (((high - low) * (size - 1)) / (crop - 1));
}
