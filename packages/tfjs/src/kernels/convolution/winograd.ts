import { hasRelaxedSimd } from "../tfjs_kernels.ts";
import {
  type Code,
  type Emitted,
  emitWinograd,
  emitWinogradWeightGradient,
  Linker,
  memoryOf,
  tiledShape,
  tiledWeightShape,
  winogradLayout,
  winogradSumsFit,
  winogradTile,
  type WinogradTile,
  winogradWeightScratch,
} from "@convoy/core/engine";
import type { Epilogue } from "../fused_activation.ts";
import type { KernelContext } from "../kernel_context.ts";
import { borderBytes, imagesAtOnce, writeBorder } from "./border.ts";
import type { Geometry } from "./geometry.ts";

/** Of the narrow kernels, which any engine with SIMD runs. */
const panelVectors = 2;

/** Vectors may be read a little beyond the last channel of the last pixel. */
const slack = 32;

/** An image side with the zeros that tiles read, and what a pixel of it is. */
interface Plane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A 3×3 convolution of stride 1: forward, or of an input gradient. */
interface Convolution {
  readonly images: number;
  readonly source: Plane;
  /** Zeros above and on the left. */
  readonly before: readonly [top: number, left: number];
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly tile: WinogradTile;
  readonly relu: boolean;
}

/**
 * y by Winograd's algorithm in a function that is emitted for the layer: see engine/emit/winograd/winograd.ts.
 *
 * @returns false where the convolution is not made for it; nothing has happened then
 */
export function winogradConvolve(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  filter: number,
  { bias, low, high }: Epilogue,
  y: number,
): boolean {
  const { images, inputs, filters, axes } = geometry;
  const [, height, width] = axes;
  const linear = low === -Infinity && high === Infinity;
  const relu = low === 0 && high === Infinity;
  const tile = tileOf(geometry, height.output, width.output);
  if (tile === undefined || !(linear || relu)) return false;
  convolve(
    context,
    {
      images,
      source: { height: height.input, width: width.input, channels: inputs },
      before: [height.before, width.before],
      rows: height.output,
      columns: width.output,
      channels: filters,
      tile,
      relu,
    },
    x,
    () => filter,
    bias,
    y,
  );
  return true;
}

/** dx, a convolution of dy with the filter turned by half a turn. */
export function winogradInputGradient(
  context: KernelContext,
  geometry: Geometry,
  dy: number,
  filter: number,
  dx: number,
): boolean {
  const { images, inputs, filters, axes } = geometry;
  const [, height, width] = axes;
  const tile = tileOf(geometry, height.input, width.input);
  if (tile === undefined || height.before > 2 || width.before > 2) return false;
  convolve(
    context,
    {
      images,
      source: { height: height.output, width: width.output, channels: filters },
      before: [2 - height.before, 2 - width.before],
      rows: height.input,
      columns: width.input,
      channels: inputs,
      tile,
      relu: false,
    },
    dy,
    (turned) => {
      context.kernels.turnFilters(filter, inputs, filters, turned);
      return turned;
    },
    0,
    dx,
  );
  return true;
}

/** The filter's gradient, in tiles of 4×4 outputs. */
export function winogradFilterGradient(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  dy: number,
  dw: number,
): boolean {
  const { images, inputs, filters, axes } = geometry;
  const [, height, width] = axes;
  const [rows, columns] = [height.output, width.output];
  if (tileOf(geometry, rows, columns) !== 4 || !winogradSumsFit(inputs, filters)) return false;
  const [tileRows, tileColumns] = [Math.ceil(rows / 4) * 4, Math.ceil(columns / 4) * 4];
  const input = { height: tileRows + 2, width: tileColumns + 2, channels: inputs };
  const gradient = { height: tileRows, width: tileColumns, channels: filters };
  const shape = tiledWeightShape({
    rows,
    columns,
    inputs,
    channels: filters,
    inputColumnStep: inputs * 4,
    inputRowStep: rowBytes(input),
    tapStride: rowBytes(input),
    inputImageStride: imageBytes(input),
    gradientColumnStep: filters * 4,
    gradientRowStep: rowBytes(gradient),
    gradientImageStride: imageBytes(gradient),
  });
  const key = `weights ${rows} ${columns} ${inputs} ${filters}`;
  const emitted = emittedFor(context, key, () => emitWinogradWeightGradient(shape, panelVectors));
  const atOnce = imagesAtOnce(images, imageBytes(input) + imageBytes(gradient));
  const count = 9 * inputs * filters;
  const place = layOut(context, [
    borderBytes,
    borderBytes,
    winogradWeightScratch(shape, panelVectors),
    count * 4,
    atOnce * imageBytes(input) + slack,
    atOnce * imageBytes(gradient) + slack,
  ]);
  const [inputBorder, gradientBorder, scratch, sum, from, of] = place;
  const source = { height: height.input, width: width.input, channels: inputs };
  writePlane(context, inputBorder, source, [height.before, width.before], input);
  const outputs = { height: rows, width: columns, channels: filters };
  writePlane(context, gradientBorder, outputs, [0, 0], gradient);
  context.kernels.fillZero(dw, count * 4);
  for (let first = 0; first < images; first += atOnce) {
    const some = Math.min(atOnce, images - first);
    context.kernels.putBorder(inputBorder, some, x + first * imageBytes(source), from);
    context.kernels.putBorder(gradientBorder, some, dy + first * imageBytes(outputs), of);
    emitted.run(some, from, of, sum, scratch);
    context.kernels.add(dw, sum, count);
  }
  return true;
}

/** @param filterAt where the filter [3, 3, inputs, channels] is; it may be made at the address that is given */
function convolve(
  context: KernelContext,
  convolution: Convolution,
  source: number,
  filterAt: (room: number) => number,
  bias: number,
  target: number,
): void {
  const { images, source: from, before, rows, columns, channels, tile, relu } = convolution;
  const inputs = from.channels;
  const padded = {
    height: Math.ceil(rows / tile) * tile + 2,
    width: Math.ceil(columns / tile) * tile + 2,
    channels: inputs,
  };
  const output = { height: rows, width: columns, channels };
  const shape = tiledShape(
    {
      rows,
      columns,
      inputs,
      channels,
      clip: relu ? Infinity : undefined,
      tapStride: rowBytes(padded),
      inputColumnStep: inputs * 4,
      inputRowStep: rowBytes(padded),
      inputImageStride: imageBytes(padded),
      outputColumnStep: channels * 4,
      outputRowStep: rowBytes(output),
      outputImageStride: imageBytes(output),
    },
    false,
    tile,
  );
  const key = `${rows} ${columns} ${inputs} ${channels} ${relu}`;
  const emitted = emittedFor(context, key, () => emitWinograd(shape, panelVectors));
  const { places, weightPlace, scratchBytes } = winogradLayout(shape, panelVectors);
  const atOnce = imagesAtOnce(images, imageBytes(padded));
  const biasBytes = Math.ceil(channels / 8) * 32;
  const place = layOut(context, [
    borderBytes,
    biasBytes,
    9 * inputs * channels * 4,
    places * weightPlace,
    scratchBytes,
    atOnce * imageBytes(padded) + slack,
  ]);
  const [border, biases, room, weights, scratch, images0] = place;
  writePlane(context, border, from, before, padded);
  context.kernels.fillZero(biases, biasBytes);
  if (bias !== 0) context.kernels.copyFloats(bias, channels, biases);
  context.kernels.packWinograd(filterAt(room), inputs, channels, panelVectors * 4, weights, weightPlace, tile + 2);
  for (let first = 0; first < images; first += atOnce) {
    const some = Math.min(atOnce, images - first);
    context.kernels.putBorder(border, some, source + first * imageBytes(from), images0);
    emitted.run(some, images0, weights, biases, target + first * imageBytes(output), 0, scratch);
  }
}

/** Tiles for these outputs; undefined: the convolution is not one of 3×3 and stride 1, or direct products are faster. */
function tileOf({ images, inputs, filters, axes }: Geometry, rows: number, columns: number): WinogradTile | undefined {
  const [depth, ...plane] = axes;
  const fits = plane.every(({ kernel, stride, dilation }) => kernel === 3 && stride === 1 && dilation === 1);
  if (!fits || depth.input * depth.kernel * depth.output !== 1 || images * rows * columns === 0) return undefined;
  if (!hasRelaxedSimd()) return undefined;
  return winogradTile(inputs, filters, rows, columns);
}

/** Emitted functions by what they depend on; the one that was not used for longest makes room. */
const emittedBy = new WeakMap<KernelContext, Map<string, Emitted>>();
const mostEmitted = 128;

function emittedFor(context: KernelContext, key: string, emit: () => Code): Emitted {
  let all = emittedBy.get(context);
  if (all === undefined) emittedBy.set(context, (all = new Map()));
  let emitted = all.get(key);
  if (emitted === undefined) {
    const linker = new Linker("narrow");
    emitted = linker.add("winograd", emit());
    linker.link(memoryOf(context.backend));
    const [oldest] = all.keys();
    if (all.size >= mostEmitted && oldest !== undefined) all.delete(oldest);
  } else all.delete(key);
  all.set(key, emitted);
  return emitted;
}

function layOut(context: KernelContext, bytes: readonly number[]): number[] {
  let at = context.scratch(bytes.reduce((sum, part) => sum + aligned(part), 0));
  return bytes.map((part) => {
    const address = at;
    at += aligned(part);
    return address;
  });
}

function writePlane(
  context: KernelContext,
  address: number,
  { height, width, channels }: Plane,
  [top, left]: readonly [number, number],
  padded: Plane,
): void {
  writeBorder(
    context,
    address,
    { sizes: [1, height, width], channels },
    1,
    [0, top, left],
    [1, padded.height, padded.width],
  );
}

function rowBytes({ width, channels }: Plane): number {
  return width * channels * 4;
}

function imageBytes(plane: Plane): number {
  return plane.height * rowBytes(plane);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
