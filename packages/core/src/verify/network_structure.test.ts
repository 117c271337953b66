import test from "ava";
import { seedCnn } from "../model/networks/seed_cnn.ts";
import { conv2d } from "../layers/conv2d.ts";
import { dense } from "../layers/dense.ts";
import { flatten } from "../layers/flatten.ts";
import { Sequential } from "../model/sequential.ts";
import { networkStructure } from "./network_structure.ts";

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
