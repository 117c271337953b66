import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";

/** What `compile` made, some of which tfjs-layers does not show in its types. */
export interface Compiled extends Pick<
  LayersModel,
  "apply" | "calculateLosses" | "lossFunctions" | "loss" | "metrics" | "optimizer"
> {
  /** A function for each metric, and the output that it looks at. */
  readonly metricsTensors: readonly (readonly [metric: LayersModel["lossFunctions"][number], output: number])[];
  /**
   * What was trainable when the model was compiled: `model.fit` trains these, as far as they still are. A layer that two
   * models inside share comes twice, and so do its weights.
   */
  readonly collectedTrainableWeights?: readonly LayerVariable[];
  isTraining: boolean;
  stopTraining: boolean;
  /** As tfjs labels its history: names that come twice get numbers. */
  getDedupedMetricsNames(): string[];
  /** Warns when other weights are trainable than those collected. */
  checkTrainableWeightsConsistency(): void;
}

/** The one of a Sequential is inside; it makes it when it is compiled, or at its first call. */
export function compiledInside(model: LayersModel): Compiled {
  return ((model as Partial<Record<"model", LayersModel>>).model ?? model) as unknown as Compiled;
}
