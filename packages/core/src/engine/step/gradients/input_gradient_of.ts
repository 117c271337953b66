import type { Activation } from "../layout/activation.ts";
import { ConvolvedInputGradient } from "./convolved_input_gradient.ts";
import { DenseInputGradient, isDense } from "./dense_input_gradient.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import type { ForwardKernel } from "../operations/filter_operation.ts";
import type { InputGradient, OutputGradient } from "./input_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import { usesScattered } from "../choice/scattered_choice.ts";
import { ScatteredInputGradient } from "./scattered_input_gradient.ts";

/**
 * The way in which a convolution's input gradient is computed.
 *
 * @param name The layer's, for profilers.
 * @param forward The forward pass, which packs the weights in its own order.
 */
export function inputGradientOf(
  context: OperationContext,
  name: string,
  geometry: FilterGeometry,
  forward: ForwardKernel,
  input: Activation,
  delta: OutputGradient,
): InputGradient {
  if (isDense(geometry)) return new DenseInputGradient(context, name, geometry, forward, input, delta);
  const scattered = usesScattered(geometry, context.linker.panelVectors);
  const Algorithm = scattered ? ScatteredInputGradient : ConvolvedInputGradient;
  return new Algorithm(context, name, geometry, input, delta);
}
