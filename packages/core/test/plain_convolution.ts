import type { FilterShape } from "../src/engine/emit/tiles/filter_vectors.ts";
import type { Grid } from "../src/engine/emit/tiles/grid.ts";

/** Sizes that a test of an emitter gives a convolution. */
export interface ConvolutionSizes {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly filters: number;
}

/** A convolution without padding, with the same stride along both axes. */
export interface PlainConvolution extends ConvolutionSizes {
  readonly kernel: readonly [number, number];
  readonly stride: number;
}

/** The windows of a plain convolution as emitters see them: images, outputs and filters lie without gaps. */
export function windowsOf({ height, width, inputs, filters, kernel, stride }: PlainConvolution): Grid & FilterShape {
  const rows = Math.floor((height - kernel[0]) / stride) + 1;
  const columns = Math.floor((width - kernel[1]) / stride) + 1;
  return {
    rows,
    columns,
    inputRowStep: stride * width * inputs * 4,
    inputColumnStep: stride * inputs * 4,
    inputImageStride: height * width * inputs * 4,
    outputRowStep: columns * filters * 4,
    outputColumnStep: filters * 4,
    outputImageStride: rows * columns * filters * 4,
    taps: kernel[0],
    tapStride: width * inputs * 4,
    segment: kernel[1] * inputs,
    channels: filters,
  };
}

/** Small multiples of 1/8: sums of their products are exact in float32, so the order of summation cannot hide a mistake. */
export function eighths(length: number, factor: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => (((i * factor) % 17) - 8) / 8);
}
