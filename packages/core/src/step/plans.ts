// The structs that kernels read, field by field as in assembly/step/*.ts: every field is one 32-bit word.

export const convolvePlan = [
  "input",
  "inputImageStride",
  "windows",
  "windowCount",
  "rows",
  "rowStride",
  "segment",
  "weights",
  "bias",
  "output",
  "outputImageStride",
  "channels",
  "relu",
  "pooled",
  "argmax",
  "panelGroup",
  "rowBlock",
] as const;

export const weightGradientPlan = ["input", "gradient", "windows", "inner", "innerCount", "channels"] as const;

export const routedGradientPlan = [
  "gradient",
  "output",
  "imageStride",
  "rowStride",
  "poolRows",
  "poolColumns",
  "channels",
  "relu",
  "argmax",
  "lists",
  "counts",
  "listCapacity",
  "input",
  "inputGradient",
  "inputImageStride",
  "vectors",
  "vectorCount",
  "filters",
  "filterGradient",
  "contiguous",
] as const;

export const poolPlan = [
  "input",
  "inputGradient",
  "inputImageStride",
  "output",
  "outputGradient",
  "outputImageStride",
  "table",
  "windowCount",
  "channels",
  "argmax",
] as const;

export const rowsPlan = [
  "input",
  "inputImageStride",
  "inputRowStride",
  "output",
  "outputImageStride",
  "outputRowStride",
  "gate",
  "rows",
  "width",
] as const;

export const inputPlan = ["staged", "stagedStride", "output", "imageStride", "rowStride", "rows", "width"] as const;
