// The structs that kernels read, field by field as in assembly/step/*.ts: every field is one 32-bit word.

export const routesPlan = [
  "gradient",
  "imageStride",
  "rowStride",
  "poolRows",
  "poolColumns",
  "channels",
  "argmax",
  "inputImageStride",
  "lists",
  "listStride",
  "counts",
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
