import type { PackingKernels } from "../backend/packing_kernels.ts";

/** What `assembly/step` exports. Addresses are bytes in the backend's memory; plans are structs written by `Arena`. */
export interface StepKernels extends PackingKernels {
  transposePanels(
    source: number,
    inner: number,
    channels: number,
    lanes: number,
    first: number,
    count: number,
    target: number,
  ): void;
  packFilters(source: number, rows: number, segment: number, rowFloats: number, channels: number, target: number): void;
  unpackFilters(
    source: number,
    rows: number,
    segment: number,
    rowFloats: number,
    channels: number,
    target: number,
  ): void;
  columnSums(source: number, stride: number, pixels: number, channels: number, target: number): void;
  listRoutes(plan: number, first: number, images: number): void;
  /** @param most Infinity for relu */
  clip(plan: number, images: number, most: number): void;
  /** @param most that of the activation before */
  gateGradient(plan: number, images: number, most: number): void;
  dropout(
    plan: number,
    images: number,
    samples: number,
    seed: number,
    layer: number,
    step: number,
    threshold: number,
    scale: number,
  ): void;
  normalizeBytes(plan: number, images: number, scale: number, shift: number): void;
  copyFloats(plan: number, images: number): void;
  softmaxCrossEntropy(
    logits: number,
    labels: number,
    images: number,
    classes: number,
    scale: number,
    gradient: number,
    scores: number,
    exponentials: number,
  ): void;
}
