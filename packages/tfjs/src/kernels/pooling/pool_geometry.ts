import type { TensorInfo } from "@tensorflow/tfjs-core";
import { memoryOf } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { Attributes, KernelContext } from "../kernel_context.ts";
import { type AxisPadding, checkThatWindowFits, type PoolAxis, poolAxis, type Rounding } from "./pool_axis.ts";

/** Sizes of a pool; plane images have depth 1. */
export interface PoolGeometry {
  readonly images: number;
  readonly channels: number;
  readonly depth: PoolAxis;
  readonly height: PoolAxis;
  readonly width: PoolAxis;
  /** [N, OH, OW, C] or [N, OD, OH, OW, C] */
  readonly outShape: number[];
}

type Size = number | readonly number[];
type Padding = "valid" | "same" | number | readonly (readonly [number, number])[];

const flat: PoolAxis = { input: 1, output: 1, window: 1, stride: 1, before: 0 };

/** The struct of `assembly/tfjs/pooling/window3d.ts`, rounded up to whole vectors. */
const structBytes = 80;

/**
 * Sizes of a pool from the attributes of a tfjs kernel.
 *
 * @param dy Gradient of the output, whose shape is taken: tfjs does not hand on how the output's size was rounded.
 * @param integers Whether the kernel takes whole numbers and truth values too
 * @throws `TAPE_TYPE` for images of another type, which would be misread; `TAPE_DATA_FORMAT` for channels first;
 *   `TAPE_WINDOW` where no window fits on a plane; `TAPE_SHAPE` for another rank, or where the gradient has other images or
 *   channels than the input
 */
export function poolGeometry(
  x: TensorInfo,
  attributes: Attributes,
  { dy, integers = false }: { readonly dy?: TensorInfo; readonly integers?: boolean } = {},
): PoolGeometry {
  const { shape } = x;
  const { filterSize, strides, pad, dimRoundingMode, dataFormat } = attributes as {
    readonly filterSize: Size;
    readonly strides: Size;
    readonly pad: Padding;
    readonly dimRoundingMode?: Rounding;
    readonly dataFormat?: string;
  };
  for (const { dtype } of dy === undefined ? [x] : [x, dy]) {
    if (dtype === "float32" || (integers && (dtype === "int32" || dtype === "bool"))) continue;
    throw new TfjsError("TAPE_TYPE", `pools take float32 images on backend 'wasm'; got ${dtype}. Cast them first.`);
  }
  if (dataFormat === "NCDHW" || dataFormat === "NCHW") {
    throw new TfjsError(
      "TAPE_DATA_FORMAT",
      `pools take images with channels last; got ${dataFormat}. Use dataFormat 'channelsLast', or transpose.`,
    );
  }
  if (shape.length !== 4 && shape.length !== 5) {
    throw new TfjsError(
      "TAPE_SHAPE",
      `pools take images [N, H, W, C] or [N, D, H, W, C]; got [${shape.join(", ")}]. Reshape them first.`,
    );
  }
  const first = shape.length === 5 ? 0 : 1;
  const axis = (place: number): PoolAxis => {
    const dimension = place + 1 - first;
    const window = sizeOf(filterSize, place - first);
    const stride = sizeOf(strides, place - first);
    const padding: AxisPadding = typeof pad === "object" ? pad[dimension] : pad;
    const sizes = poolAxis(shape[dimension], window, stride, padding, dimRoundingMode ?? undefined);
    const known = dy === undefined ? sizes : { ...sizes, output: dy.shape[dimension] };
    // In three dimensions tfjs gives a tensor without elements.
    if (first === 0) return { ...known, output: Math.max(0, known.output) };
    checkThatWindowFits(known, padding);
    return known;
  };
  const depth = first === 0 ? axis(0) : flat;
  const height = axis(1);
  const width = axis(2);
  const images = shape[0];
  const channels = shape[shape.length - 1];
  const outputs = first === 0 ? [depth.output, height.output, width.output] : [height.output, width.output];
  const outShape = [images, ...outputs, channels];
  if (dy !== undefined && outShape.some((size, i) => size !== dy.shape[i])) {
    throw new TfjsError(
      "TAPE_SHAPE",
      `the gradient of a pool over [${shape.join(", ")}] has its images and channels; got [${dy.shape.join(", ")}].`,
    );
  }
  return { images, channels, depth, height, width, outShape };
}

function sizeOf(size: Size, place: number): number {
  return typeof size === "number" ? size : size[place];
}

/**
 * Writes the struct that tells a kernel these sizes, with room for what the kernel keeps for itself after it.
 * To be called after the output was allocated, which may move the memory.
 */
export function poolStruct(
  context: KernelContext,
  { images, channels, depth, height, width }: PoolGeometry,
): { readonly window: number; readonly buffer: number } {
  const row = width.input * channels;
  const floats = row + (depth.window > 1 ? height.input * row : 0);
  const window = context.scratch(structBytes + floats * 4);
  new Int32Array(memoryOf(context.backend).buffer, window, 17).set([
    images,
    depth.input,
    height.input,
    width.input,
    channels,
    depth.output,
    height.output,
    width.output,
    depth.window,
    height.window,
    width.window,
    depth.stride,
    height.stride,
    width.stride,
    depth.before,
    height.before,
    width.before,
  ]);
  return { window, buffer: window + structBytes };
}

/**
 * Whether windows are single cells of a plane, as many as the image has. tfjs gives the image itself then, whatever strides
 * and padding say.
 */
export function isIdentity({ shape }: TensorInfo, { height, width, outShape }: PoolGeometry): boolean {
  return (
    shape.length === 4 && height.window === 1 && width.window === 1 && shape.every((size, d) => size === outShape[d])
  );
}
