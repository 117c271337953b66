import type { LayersModel } from "@tensorflow/tfjs-layers";
import { TfjsError } from "../../errors.ts";
import type { AnyLayersModel } from "../any_layers_model.ts";
import { compiledInside, type Compiled } from "./compiled_inside.ts";
import { optimizerSpec, type OptimizerSpec } from "./optimizer_spec.ts";
import { writeOptimizerState, type OptimizerState } from "./optimizer_state.ts";
import { uniqueWeights, writeWeights } from "./unique_weights.ts";

/** The caller's own model while copies of it are trained: what it is given between epochs, and what is done to it then. */
export class LiveModel {
  readonly #given: LayersModel;
  readonly #compiled: Compiled;
  #state: readonly unknown[];

  constructor(model: AnyLayersModel) {
    this.#given = model as LayersModel;
    this.#compiled = compiledInside(this.#given);
    this.#state = this.#now();
  }

  /** What tfjs gives to callbacks: of a Sequential, the model inside. */
  get model(): unknown {
    return this.#compiled;
  }

  /** Whether someone has set `model.stopTraining` since the beginning. */
  get stopTraining(): boolean {
    return this.#compiled.stopTraining;
  }

  /**
   * As `model.fit` begins: warns where other weights are trainable than were when the model was compiled.
   *
   * @throws `TAPE_MODEL` when the model is being trained already
   */
  begin(): void {
    if (this.#compiled.isTraining) {
      throw new TfjsError("TAPE_MODEL", "this model is being trained already. Await one fit before the next.");
    }
    this.#compiled.isTraining = true;
    this.#compiled.stopTraining = false;
    this.#compiled.checkTrainableWeightsConsistency();
  }

  end(): void {
    this.#compiled.isTraining = false;
  }

  /**
   * The optimizer's settings as they are now.
   *
   * @throws `TAPE_MODEL` when something else was changed, which the copies would not notice
   */
  settings(): OptimizerSpec {
    const now = this.#now();
    if (now.length !== this.#state.length || now.some((each, i) => each !== this.#state[i])) {
      throw new TfjsError(
        "TAPE_MODEL",
        "the model was compiled, frozen, thawed or given other weights while fit trained it, which its threads cannot " +
          "follow; they do follow the optimizer's settings. Do it between two calls of fit.",
      );
    }
    return optimizerSpec(this.#compiled.optimizer);
  }

  /** Gives the model what its copies have learnt. */
  async give(weights: Float32Array, optimizer: OptimizerState | undefined): Promise<void> {
    writeWeights(uniqueWeights(this.#given), weights);
    if (optimizer !== undefined) await writeOptimizerState(this.#compiled.optimizer, optimizer);
    this.#state = this.#now();
  }

  /** What the copies depend on; a weight that is written has other data. */
  #now(): unknown[] {
    const { optimizer, collectedTrainableWeights } = compiledInside(this.#given);
    const weights = uniqueWeights(this.#given);
    return [
      optimizer,
      collectedTrainableWeights,
      ...weights.flatMap((weight) => [weight.trainable, weight.read().dataId]),
    ];
  }
}
