import { memoryOf } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { Attributes, Inputs, KernelContext } from "../kernel_context.ts";
import { checkThatWindowFits, type PoolAxis, poolAxis } from "../pooling/pool_axis.ts";

interface DilatedAxis extends PoolAxis {
  readonly taps: number;
  readonly dilation: number;
}

export interface DilationGeometry {
  readonly images: number;
  readonly channels: number;
  readonly height: DilatedAxis;
  readonly width: DilatedAxis;
  readonly outShape: number[];
}

type Size = number | readonly [number, number];

/** The struct of `assembly/tfjs/morphology/dilation2d.ts`, rounded up to whole vectors. */
const structBytes = 64;

/** Integers go to the stock kernels, which also refuse types that differ. */
export function allFloats(inputs: Inputs): boolean {
  return Object.values(inputs).every(({ dtype }) => dtype === "float32");
}

/**
 * Sizes of a dilation from the attributes of its kernels.
 *
 * @throws `TAPE_WINDOW` where no window fits; `TAPE_SHAPE` where the gradient has not the output's shape
 */
export function dilationGeometry(
  [images, inHeight, inWidth, channels]: readonly number[],
  filterShape: readonly number[],
  attributes: Attributes,
  gradientShape?: readonly number[],
): DilationGeometry {
  const { strides, pad, dilations } = attributes as {
    readonly strides: Size;
    readonly pad: "valid" | "same" | number;
    readonly dilations: Size;
  };
  const axis = (input: number, place: 0 | 1): DilatedAxis => {
    const dilation = sizeOf(dilations, place);
    const taps = filterShape[place];
    const sizes = poolAxis(input, (taps - 1) * dilation + 1, sizeOf(strides, place), pad, undefined);
    checkThatWindowFits(sizes, pad);
    return { ...sizes, taps, dilation };
  };
  const height = axis(inHeight, 0);
  const width = axis(inWidth, 1);
  const outShape = [images, height.output, width.output, channels];
  if (gradientShape !== undefined && outShape.some((size, i) => size !== gradientShape[i])) {
    throw new TfjsError(
      "TAPE_SHAPE",
      `the gradient of a dilation has its shape [${outShape.join(", ")}]; got [${gradientShape.join(", ")}].`,
    );
  }
  return { images, channels, height, width, outShape };
}

function sizeOf(size: Size, place: 0 | 1): number {
  return typeof size === "number" ? size : size[place];
}

/** Writes the struct, with room for one image's filter gradient after it. To be called after the output was allocated. */
export function dilationStruct(
  context: KernelContext,
  { images, channels, height, width }: DilationGeometry,
): { readonly sizes: number; readonly sums: number } {
  const sizes = context.scratch(structBytes + height.taps * width.taps * channels * 4);
  new Int32Array(memoryOf(context.backend).buffer, sizes, 14).set([
    images,
    height.input,
    width.input,
    channels,
    height.output,
    width.output,
    height.taps,
    width.taps,
    height.stride,
    width.stride,
    height.dilation,
    width.dilation,
    height.before,
    width.before,
  ]);
  return { sizes, sums: sizes + structBytes };
}
