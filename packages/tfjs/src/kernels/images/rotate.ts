import type { TfjsKernel } from "../kernel_context.ts";

/**
 * Turns images about a point by an angle; what comes from beyond is one colour, and opaque. Shape: [N, H, W, C].
 * The stock kernel cuts the colour to whole numbers, and reads beyond it where an image has more than four channels.
 */
export const rotateWithOffset: TfjsKernel = (context, { image }, attributes) => {
  const { radians, fillValue, center } = attributes as {
    radians: number;
    fillValue: number | [number, number, number];
    center: number | [number, number];
  };
  const { backend, tf } = context;
  const [images, height, width, channels] = image.shape;
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  const colour = Array.from({ length: channels }, (_, c) => {
    if (typeof fillValue === "number") return fillValue;
    return c === 3 ? 255 : fillValue[c];
  });
  const y = context.output(image.shape, image.dtype);
  const from = backend.typedArrayFromHeap(image);
  const to = backend.typedArrayFromHeap(y);
  let at = 0;
  for (let n = 0; n < images; n++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const beside = Math.round((column - centerX) * cosine - (row - centerY) * sine + centerX);
        const below = Math.round((column - centerX) * sine + (row - centerY) * cosine + centerY);
        const inside = beside >= 0 && beside < width && below >= 0 && below < height;
        const pixel = ((n * height + below) * width + beside) * channels;
        for (let c = 0; c < channels; c++) to[at++] = inside ? from[pixel + c] : colour[c];
      }
    }
  }
  return y;
};
