import { memoryOf } from "@convoy/core/engine";
import type { KernelContext } from "../kernel_context.ts";
import { type AxisWalk, extentOf } from "./axis_walk.ts";
import { borderBytes, imagesAtOnce, writeBorder } from "./border.ts";
import type { Images, Sizes } from "./image_sizes.ts";

type Walks = readonly [depth: readonly AxisWalk[], height: readonly AxisWalk[], width: readonly AxisWalk[]];

export interface PlanSettings {
  readonly images: number;
  readonly source: Images;
  readonly target: Images;
  readonly walks: Walks;
  /** Taps of the filter along each axis. */
  readonly kernel: Sizes;
  /**
   * How a window is cut into runs: rows of taps as far as they lie side by side, single taps, or single floats. Kernels
   * are told of single taps which they are, too.
   */
  readonly runs: "rows" | "taps" | "floats";
  /** How often each channel of the source stands side by side. Default: once. */
  readonly copies?: number;
  /** Bytes of packed weights that a pass with so many taps needs. */
  readonly weightBytes?: (taps: number) => number;
  /** Bytes of scratch memory that are the caller's own. */
  readonly extraBytes?: number;
}

/** All windows that reach the same taps. */
export interface Pass {
  /** Address of its `Windows`. */
  readonly info: number;
  /** Address of its weights, which the caller packs. */
  readonly weights: number;
  /** Its taps in the order in which the weights are read: indices of the filter's [depth, height, width]. */
  readonly taps: readonly number[];
  /** Byte offset of its first window's element in the target. */
  readonly target: number;
}

export interface WindowPlan {
  readonly passes: readonly Pass[];
  /** Address of the caller's own bytes. */
  readonly extra: number;
  /** Bytes of a target image. */
  readonly targetImage: number;
  /** Calls `work` for some images after the other, once their windows can be read from `source`. */
  readonly forImages: (source: number, work: (images: number, first: number, source: number) => void) => void;
}

/** Windows of small images are listed together, so that tiles and sums go over several. */
const leastWindows = 128;

const infoBytes = 80;

/**
 * Lays out the windows of one call in scratch memory, which holds until the next: where they are, what they read, and
 * room for images with the zeros around them that the windows read.
 */
export function planWindows(context: KernelContext, settings: PlanSettings): WindowPlan {
  const { images, source, target, walks, copies = 1, extraBytes = 0 } = settings;
  const channels = source.channels * copies;
  const extents = walks.map(extentOf);
  const inPlace = copies === 1 && extents.every(({ before, length }, a) => before === 0 && length <= source.sizes[a]);
  const sizes = inPlace ? source.sizes : (extents.map(({ length }) => Math.max(1, length)) as unknown as Sizes);
  const pixel = channels * 4;
  const steps = { column: pixel, row: sizes[2] * pixel, depth: sizes[1] * sizes[2] * pixel };
  const imageBytes = sizes[0] * steps.depth;
  const drafts: Draft[] = [];
  for (const d of walks[0]) {
    for (const h of walks[1]) {
      for (const w of walks[2]) drafts.push(draftPass(settings, extents, steps, channels, [d, h, w]));
    }
  }
  // Several passes read the same images, which are then in the cache.
  const atOnce = inPlace && drafts.length === 1 ? images : imagesAtOnce(images, imageBytes);
  let bytes = borderBytes + aligned(extraBytes);
  for (const draft of drafts) bytes += infoBytes + draft.listBytes + draft.weightBytes;
  // Vectors may be read a little beyond the last pixel.
  const scratch = context.scratch(bytes + (inPlace ? 0 : atOnce * imageBytes + 32));
  const { buffer } = memoryOf(context.backend);
  const targetPixel = target.channels * 4;
  const targetRow = target.sizes[2] * targetPixel;
  const targetDepth = target.sizes[1] * targetRow;
  const targetImage = target.sizes[0] * targetDepth;
  let at = scratch + borderBytes + aligned(extraBytes);
  const passes = drafts.map((draft): Pass => {
    const info = at;
    const offsets = info + infoBytes;
    const table = offsets + draft.offsetBytes;
    const [d, h, w] = draft.axes;
    new Int32Array(buffer, info, 17).set([
      d.count,
      h.count,
      w.count,
      imageBytes,
      d.sourceStep * steps.depth,
      h.sourceStep * steps.row,
      w.sourceStep * steps.column,
      targetImage,
      d.targetStep * targetDepth,
      h.targetStep * targetRow,
      w.targetStep * targetPixel,
      target.channels,
      draft.offsets.length,
      draft.run,
      offsets,
      draft.images,
      table,
    ]);
    const lists = new Int32Array(buffer, offsets, draft.offsetBytes / 4);
    lists.set(draft.offsets);
    if (settings.runs === "taps") lists.set(draft.taps, draft.offsets.length);
    context.kernels.listWindows(info);
    const weights = offsets + draft.listBytes;
    at = weights + draft.weightBytes;
    const first = d.targetFirst * targetDepth + h.targetFirst * targetRow + w.targetFirst * targetPixel;
    return { info, weights, taps: draft.taps, target: first };
  });
  if (!inPlace) {
    const [front, top, left] = extents;
    writeBorder(context, scratch, source, copies, [front.before, top.before, left.before], sizes);
  }
  const sourceImage = source.sizes[0] * source.sizes[1] * source.sizes[2] * source.channels * 4;
  return {
    passes,
    extra: scratch + borderBytes,
    targetImage,
    forImages(address, work) {
      for (let first = 0; first < images; first += atOnce) {
        const count = Math.min(atOnce, images - first);
        const from = address + first * sourceImage;
        if (!inPlace) context.kernels.putBorder(scratch, count, from, at);
        work(count, first, inPlace ? from : at);
      }
    },
  };
}

interface Draft {
  readonly axes: readonly [AxisWalk, AxisWalk, AxisWalk];
  readonly taps: readonly number[];
  readonly offsets: readonly number[];
  readonly run: number;
  readonly images: number;
  readonly offsetBytes: number;
  /** Of the offsets and the table of windows. */
  readonly listBytes: number;
  readonly weightBytes: number;
}

function draftPass(
  settings: PlanSettings,
  extents: readonly { readonly before: number }[],
  steps: { readonly column: number; readonly row: number; readonly depth: number },
  channels: number,
  axes: readonly [AxisWalk, AxisWalk, AxisWalk],
): Draft {
  const { kernel, runs, weightBytes, images } = settings;
  const [d, h, w] = axes;
  const taps: number[] = [];
  const offsets: number[] = [];
  const rows = runs === "rows" && w.offsets.every((offset, i) => offset === w.offsets[0] + i);
  for (const [i, depth] of d.offsets.entries()) {
    for (const [j, row] of h.offsets.entries()) {
      for (const [k, column] of w.offsets.entries()) {
        taps.push((d.taps[i] * kernel[1] + h.taps[j]) * kernel[2] + w.taps[k]);
        if (rows && k > 0) continue;
        const offset =
          (depth + extents[0].before) * steps.depth +
          (row + extents[1].before) * steps.row +
          (column + extents[2].before) * steps.column;
        for (let c = 0; c < (runs === "floats" ? channels : 1); c++) offsets.push(offset + c * 4);
      }
    }
  }
  const windows = d.count * h.count * w.count;
  const offsetBytes = aligned((offsets.length + (runs === "taps" ? taps.length : 0)) * 4);
  const listed = Math.min(images, Math.ceil(leastWindows / Math.max(1, windows)));
  return {
    axes,
    taps,
    offsets,
    run: rows ? w.offsets.length * channels : runs === "floats" ? 1 : channels,
    images: Math.max(1, listed),
    offsetBytes,
    listBytes: offsetBytes + aligned(Math.max(1, listed) * Math.max(0, windows) * 8),
    weightBytes: aligned(weightBytes?.(taps.length) ?? 0),
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
