import fc from "fast-check";
import { array, hostileNumber, hostileText, type JsonText, object, text } from "./json.ts";

const size: JsonText = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: 1, max: 8 }).map(String) },
  { weight: 1, arbitrary: hostileNumber },
);
const pair: JsonText = fc.oneof(
  size,
  fc.tuple(size, size).map(([a, b]) => `[${a},${b}]`),
);
const padding = fc.constantFrom('"valid"', '"same"');
const activation = fc.constantFrom('"linear"', '"relu"');
const initializer = fc.constantFrom('"zeros"', '"glorotUniform"', '"pytorch"');
const flag = fc.constantFrom("true", "false");

const windowed: JsonText = fc.oneof(
  object({ kind: text("conv2d"), filters: size, kernelSize: pair, strides: pair, padding, activation, useBias: flag }),
  object({ kind: fc.constantFrom('"maxPool2d"', '"averagePool2d"'), poolSize: pair, strides: pair, padding }),
);
const anywhere: JsonText = fc.oneof(
  object({ kind: text("relu") }),
  object({ kind: text("dropout"), rate: fc.constantFrom("0", "0.5", "0.999", "1") }),
);
const dense: JsonText = object({
  kind: text("dense"),
  units: size,
  activation,
  useBias: flag,
  kernelInitializer: initializer,
  biasInitializer: initializer,
});
const flatten = object({ kind: text("flatten") });

/** Layers in an order that can work; each may be anything. */
const layers: JsonText = fc
  .tuple(
    fc.array(fc.oneof({ weight: 4, arbitrary: windowed }, { weight: 1, arbitrary: anywhere }), { maxLength: 4 }),
    flatten,
    fc.array(fc.oneof({ weight: 3, arbitrary: dense }, { weight: 1, arbitrary: anywhere }), { maxLength: 3 }),
  )
  .map(([images, turn, rows]) => `[${[...images, turn, ...rows].join()}]`);

const share = fc.oneof(fc.constantFrom("0.5", "0.1307"), hostileNumber);

/** The JSON of a network, or what is almost one. */
export const network: JsonText = object({
  inputShape: fc.tuple(size, size, size).map((sizes) => `[${sizes.join()}]`),
  layers,
  seed: fc.oneof({ weight: 9, arbitrary: fc.constant("1") }, { weight: 1, arbitrary: hostileNumber }),
  normalization: fc.oneof(object({ mean: share, deviation: share }), fc.constant("null")),
  classNames: array(hostileText, 8),
}).chain((whole) => fc.constantFrom(whole, ...Array<string>(3).fill(whole.replace(/,"normalization":.*$/s, "}"))));
