/** A window that slides along one axis: position p reads the cells from p · stride - before on. */
export interface SlidingAxis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly before: number;
  readonly positions: number;
}

/** Calls `visit` for each output of a pool over NDHWC images with the input elements under its window: real cells only. */
export function poolWindows(
  images: number,
  channels: number,
  axes: readonly [SlidingAxis, SlidingAxis, SlidingAxis],
  visit: (out: number, cells: readonly number[]) => void,
): void {
  const [depth, height, width] = axes;
  const cellsOf = ({ size, window, stride, before }: SlidingAxis, position: number): number[] =>
    Array.from({ length: window }, (_, i) => position * stride - before + i).filter((at) => at >= 0 && at < size);
  let out = 0;
  for (let n = 0; n < images; n++) {
    for (let d = 0; d < depth.positions; d++) {
      for (let h = 0; h < height.positions; h++) {
        for (let w = 0; w < width.positions; w++) {
          const pixels: number[] = [];
          for (const plane of cellsOf(depth, d)) {
            for (const row of cellsOf(height, h)) {
              for (const column of cellsOf(width, w)) {
                pixels.push(((n * depth.size + plane) * height.size + row) * width.size + column);
              }
            }
          }
          for (let c = 0; c < channels; c++) {
            visit(
              out++,
              pixels.map((pixel) => pixel * channels + c),
            );
          }
        }
      }
    }
  }
}
