export interface Window {
  /** Positions of the window along this axis. */
  readonly positions: number;
  /** First input cell of a position; negative, or past the end with the window's later cells, where there is padding. */
  start(position: number): number;
}

/** A sliding window along one axis, with TensorFlow's two kinds of padding. */
export function slide(size: number, window: number, stride: number, padding: "valid" | "same"): Window {
  if (padding === "valid") {
    return { positions: Math.floor((size - window) / stride) + 1, start: (position) => position * stride };
  }
  const positions = Math.ceil(size / stride);
  const total = Math.max((positions - 1) * stride + window - size, 0);
  const before = Math.floor(total / 2);
  return { positions, start: (position) => position * stride - before };
}
