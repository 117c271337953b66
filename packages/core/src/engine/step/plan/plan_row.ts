export type PlanPhase = "forward" | "input gradient" | "weight gradient";

/** `skipped`: nobody needs the gradient with respect to the images. */
export type PlanAlgorithm =
  | "direct"
  | "windows"
  | "winograd F(2x2,3x3)"
  | "winograd F(4x4,3x3)"
  | "winograd F(3x3,4x4)"
  | "scattered"
  | "routed"
  | "unpooled"
  | "pool"
  | "elementwise"
  | "skipped";

/** One phase of one block of the planned step; all figures are of one image. */
export interface PlanRow {
  /** The layers that are computed together; an `OperationRecorder` is told the first one's name. */
  readonly layers: readonly string[];
  readonly phase: PlanPhase;
  readonly algorithm: PlanAlgorithm;
  /** What a plain loop over all windows would do; a multiply-add counts two, a bias or relu nothing. */
  readonly flops: number;
  /** What the algorithm does instead, wasted lanes included. Of routed gradients: what we expect. */
  readonly executedFlops: number;
  /** From a table of measured rates: for orientation, nothing depends on it. */
  readonly microseconds: number;
}
