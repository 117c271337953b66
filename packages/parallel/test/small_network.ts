import {
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  mix,
  Sequential,
  type ImageData,
  type ImageShape,
} from "@convoy/core/training";

const shape: ImageShape = [8, 8, 1];

/** A network that trains in milliseconds. */
export function smallNetwork(dropoutRate?: number): Sequential {
  return new Sequential({
    inputShape: shape,
    layers: [
      conv2d({ filters: 4, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      flatten(),
      ...(dropoutRate === undefined ? [] : [dropout({ rate: dropoutRate })]),
      dense({ units: 4 }),
    ],
  });
}

/** Noise with a bright band, whose place is the class. */
export function bands(count: number): ImageData {
  const images = new Uint8Array(count * 64);
  const labels = Array.from({ length: count }, (_, i) => mix(i) % 4);
  for (let i = 0; i < images.length; i++) {
    const row = Math.floor((i % 64) / 16);
    images[i] = (mix(i + 1_000_000) % 100) + (row === labels[Math.floor(i / 64)] ? 120 : 0);
  }
  return { images, labels, shape };
}
