import type { KernelVariant } from "../emit/module/linker.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";

/** A network that is computed by a plan of our own kernels. */
export interface PlannedSpec {
  readonly kind: "planned";
  readonly model: SequentialConfig;
  /** Default: "narrow" */
  readonly kernels?: KernelVariant;
  /** For `predict` alone: no kernels and no buffers for gradients, and `gradient` throws. Default: false */
  readonly forwardOnly?: boolean;
}
