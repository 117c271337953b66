import type { ExecutionContext } from "ava";
import type { Engine } from "./engines.ts";
import { type Comparison, compareNetwork } from "./compare_network.ts";
import { randomNetwork } from "./random_network.ts";

/** Holds the random networks of seeds first to end - 1 to the reference, and adds up what was counted. */
export async function compareRandomNetworks(
  t: ExecutionContext,
  first: number,
  end: number,
  largestSide?: number,
  engines?: Readonly<Record<string, Engine>>,
): Promise<Omit<Comparison, "problems">> {
  const sum = { followed: 0, cancelled: 0, tensors: 0, zeroTensors: 0 };
  for (let seed = first; seed < end; seed++) {
    const network = randomNetwork(seed, largestSide);
    const comparison = await compareNetwork(network, engines);
    t.deepEqual(comparison.problems, [], `network ${seed}: ${JSON.stringify(network.model)}`);
    sum.followed += comparison.followed;
    sum.cancelled += comparison.cancelled;
    sum.tensors += comparison.tensors;
    sum.zeroTensors += comparison.zeroTensors;
  }
  return sum;
}
