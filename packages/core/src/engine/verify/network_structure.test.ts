import { createHash } from "node:crypto";
import test from "ava";
import { networks } from "../../model/networks/networks.ts";
import { seedCnn } from "../../model/networks/seed_cnn.ts";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { Sequential } from "../../model/sequential.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { createReplica } from "../step/create_replica.ts";
import { networkStructure } from "./network_structure.ts";
import { verifiedNetworks } from "./verified_networks.ts";

const small = (more: { filters?: number; kernelInitializer?: "zeros" | "pytorch"; width?: number; seed?: number }) => {
  const { filters = 3, kernelInitializer = "pytorch", width = 8, seed = 1 } = more;
  const layers = [conv2d({ filters, kernelSize: 3, kernelInitializer }), flatten(), dense({ units: 4 })];
  return networkStructure(new Sequential({ inputShape: [8, width, 1], layers, seed }).toJSON());
};

test("is the same whatever the first weights are", (t) => {
  t.deepEqual(networkStructure(seedCnn({ seed: 7 }).toJSON()), networkStructure(seedCnn({ seed: 8 }).toJSON()));
  t.deepEqual(small({ kernelInitializer: "zeros", seed: 2 }), small({}));
});

test("is another with other sizes", (t) => {
  t.notDeepEqual(small({ filters: 4 }), small({}));
  t.notDeepEqual(small({ width: 9 }), small({}));
});

test("is a network, the same after JSON, and its own structure", (t) => {
  const structure = networkStructure(seedCnn().toJSON());
  t.deepEqual(Sequential.fromJSON(JSON.parse(JSON.stringify(structure))).toJSON(), structure);
  t.deepEqual(networkStructure(structure), structure);
});

/** SHA-256 of the module that a network's plan hands to the engine. */
async function emittedFor(capacity: number, model: SequentialConfig): Promise<string> {
  const { Module } = WebAssembly;
  const hashes: string[] = [];
  const record = function record(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
    hashes.push(createHash("sha256").update(bytes).digest("hex"));
    return new Module(bytes);
  };
  Object.assign(WebAssembly, { Module: record });
  try {
    const replica = await createReplica({ kind: "planned", model, kernels: "wide" }, capacity);
    replica.dispose();
  } finally {
    Object.assign(WebAssembly, { Module });
  }
  return hashes.at(-1) ?? "";
}

const ready = Object.entries(networks).map(([name, build]) => [name, build().toJSON()] as const);
for (const [name, model] of [...ready, ...Object.entries(verifiedNetworks)]) {
  test.serial(`decides alone what is emitted for ${name}, whatever the images in a call`, async (t) => {
    const emitted = await emittedFor(9, networkStructure(model));
    t.regex(emitted, /^[0-9a-f]{64}$/);
    for (const capacity of [1, 64, 256]) t.is(await emittedFor(capacity, model), emitted, `${capacity}`);
  });
}
