import test from "ava";
import { dense } from "./layers/dense.ts";
import { flatten } from "./layers/flatten.ts";
import { buildNetwork, configOf } from "./build_network.ts";
import { withMeaning } from "./meaning.ts";

const layers = [flatten(), dense({ units: 3 })];

test("works out shapes, tensors and defaults of a description", (t) => {
  const network = buildNetwork({ inputShape: [2, 2, 1], layers });
  t.is(network.classes, 3);
  t.is(network.parameterCount, 15);
  t.deepEqual(
    network.parameters.map(({ name, offset }) => [name, offset]),
    [
      ["dense_1/kernel", 0],
      ["dense_1/bias", 12],
    ],
  );
  t.deepEqual(configOf(network), { inputShape: [2, 2, 1], layers, seed: 1 });
});

test("the description of a network, as JSON or not, gives the network again", (t) => {
  const meaning = { classNames: ["a", "b", "c"], normalization: null };
  const config = configOf(buildNetwork({ inputShape: [2, 2, 1], layers, seed: 7, ...meaning }));
  t.deepEqual(configOf(buildNetwork(JSON.parse(JSON.stringify(config)))), config);
});

for (const given of [null, undefined, 3, "network", []]) {
  test(`refuses ${JSON.stringify(given)} as a description`, (t) => {
    // @ts-expect-error -- the types refuse it too
    t.throws(() => buildNetwork(given), { code: "MODEL_OPTION", message: /takes an object of options/ });
  });
}

test("what is said of a network counts from then on, keeps its place, and can be taken back", (t) => {
  const network = buildNetwork({ inputShape: [2, 2, 1], layers });
  const first = withMeaning({}, { normalization: null, classNames: ["a", "b", "c"] }, network);
  const second = withMeaning(first, { normalization: { mean: 0.5, deviation: 0.25 } }, network);
  t.is(JSON.stringify(second), '{"normalization":{"mean":0.5,"deviation":0.25},"classNames":["a","b","c"]}');
  t.deepEqual(withMeaning(second, { classNames: undefined }, network), { normalization: second.normalization });
  t.throws(() => withMeaning(second, { classNames: ["a"] }, network), { code: "MODEL_OPTION" });
});
