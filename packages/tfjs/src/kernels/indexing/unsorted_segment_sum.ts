import { TfjsError } from "../../errors.ts";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[s] = Σ_{n: segmentIds[n] = s} x[n], in the order of n; rows whose id is not one of 0 … numSegments - 1 are left out.
 *
 * Shape: x [N, ...], segmentIds [N] int32 → [numSegments, ...], of x's type.
 * tfjs's backend lacks it: `gather` and embeddings have no gradient there (tfjs issue 8082).
 */
export const unsortedSegmentSum: TfjsKernel = (context, { x, segmentIds }, attributes) => {
  const numSegments = attributes["numSegments"] as number;
  const [rows, ...rest] = x.shape;
  if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== rows) {
    throw new TfjsError(
      "TAPE_SHAPE",
      `unsortedSegmentSum takes one segment id for each row of x, shape [${rows}]; got [${segmentIds.shape.join(", ")}].`,
    );
  }
  const { address, kernels, tf } = context;
  const inner = tf.util.sizeFromShape(rest);
  const integers = x.dtype !== "float32";
  // As tfjs sums booleans.
  const values = x.dtype === "bool" ? context.run("Cast", { x }, { dtype: "int32" }) : x;
  const y = context.output([numSegments, ...rest], integers ? "int32" : "float32");
  kernels.fillZero(address(y), numSegments * inner * 4);
  const sum = integers ? "segmentSumOfIntegers" : "segmentSum";
  kernels[sum](address(values), address(segmentIds), address(y), rows, inner, numSegments);
  if (values !== x) context.release(values);
  return y;
};
