import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import type { NamedTensor } from "../safetensors/safetensors.ts";

/** Name and shape of a tensor that is not as the network needs it. */
export interface OtherShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** The network's. */
  readonly needed: readonly number[];
}

/** How the tensors of a file and the parameters of a network go together, by name and shape. */
export interface TensorMatch<Tensor> {
  /** By name, in the order of the parameters. */
  readonly fitting: ReadonlyMap<string, Tensor>;
  /** Parameters that the file has not. */
  readonly missing: readonly string[];
  readonly otherShape: readonly OtherShape[];
  /** Tensors that the network has not. */
  readonly unknown: readonly string[];
}

/** @param tensors each name once */
export function matchTensors<Tensor extends Pick<NamedTensor, "name" | "shape">>(
  parameters: readonly Pick<ParameterSpec, "name" | "shape">[],
  tensors: readonly Tensor[],
): TensorMatch<Tensor> {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const fitting = new Map<string, Tensor>();
  const missing: string[] = [];
  const otherShape: OtherShape[] = [];
  for (const { name, shape } of parameters) {
    const found = named.get(name);
    named.delete(name);
    if (found === undefined) missing.push(name);
    else if (isSameShape(found.shape, shape)) fitting.set(name, found);
    else otherShape.push({ name, shape: found.shape, needed: shape });
  }
  return { fitting, missing, otherShape, unknown: [...named.keys()] };
}

function isSameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((size, i) => size === other[i]);
}
