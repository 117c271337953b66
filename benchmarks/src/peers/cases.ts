import { type ImageData, networks, type Sequential } from "@convoy/core";
import type { ImageSet } from "@convoy/datasets";
import { cifarConvnet } from "./cifar_convnet.ts";
import { syntheticImages } from "./synthetic_images.ts";

/** A network at a batch size. */
export interface Case {
  readonly network: string;
  readonly model: Sequential;
  readonly batchSize: number;
  readonly data: ImageData;
}

/** Multiples of every batch size: a smaller last minibatch would be compiled for itself. */
const mnistCount = 5120;
const cifarCount = 1024;

/** What is measured, in order. Quick: two networks at one batch size. */
export function listCases(mnist: ImageSet, quick: boolean): Case[] {
  const size = mnist.images.length / mnist.labels.length;
  const digits: ImageData = {
    ...mnist,
    images: mnist.images.subarray(0, mnistCount * size),
    labels: mnist.labels.subarray(0, mnistCount),
  };
  if (quick) {
    return ["seed-cnn", "fast"].map((network) => ({
      network,
      model: networks[network](),
      batchSize: 64,
      data: digits,
    }));
  }
  const photographs = syntheticImages(cifarCount, [32, 32, 3], 10);
  const cases: Case[] = [];
  for (const batchSize of [64, 256]) {
    for (const [network, make] of Object.entries(networks))
      cases.push({ network, model: make(), batchSize, data: digits });
    cases.push({ network: "cifar-convnet", model: cifarConvnet(), batchSize, data: photographs });
  }
  return cases;
}
