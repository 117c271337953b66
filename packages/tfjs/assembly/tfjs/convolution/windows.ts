/**
 * Where the windows of a convolution lie: in a source with zeros around it, one for each pixel of a target. A plane image
 * has depth 1. Steps are bytes.
 */
@unmanaged
export class Windows {
  depth: i32;
  height: i32;
  width: i32;
  sourceImage: i32;
  sourceDepth: i32;
  sourceRow: i32;
  sourceColumn: i32;
  targetImage: i32;
  targetDepth: i32;
  targetRow: i32;
  targetColumn: i32;
  /** Channels of the target. */
  channels: i32;
  /** A window: `runs` rows of `run` floats, which start at the byte offsets listed here. */
  runs: i32;
  run: i32;
  offsets: usize;
  /** Images whose windows `table` lists. */
  images: i32;
  table: usize;
}

/** Writes each window's byte offset in the source and in the target: [images, depth, height, width, 2]. */
export function listWindows(info: Windows): void {
  let at = info.table;
  for (let n = 0; n < info.images; n++) {
    for (let d = 0; d < info.depth; d++) {
      for (let h = 0; h < info.height; h++) {
        let source = n * info.sourceImage + d * info.sourceDepth + h * info.sourceRow;
        let target = n * info.targetImage + d * info.targetDepth + h * info.targetRow;
        for (let w = 0; w < info.width; w++) {
          store<i32>(at, source);
          store<i32>(at, target, 4);
          source += info.sourceColumn;
          target += info.targetColumn;
          at += 8;
        }
      }
    }
  }
}
