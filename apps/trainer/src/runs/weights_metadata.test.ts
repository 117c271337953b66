import test from "ava";
import { decodeMetadata, encodeMetadata } from "./weights_metadata.ts";

test("gives back what it wrote", (t) => {
  const facts = {
    dataset: "mnist",
    normalization: { mean: 0.1307, deviation: 0.3081 },
    classNames: ["cat", "dog"],
    epochs: 2,
    seed: 1,
    testAccuracy: 0.5,
  };
  const { dataset, normalization, classNames } = facts;
  t.deepEqual(decodeMetadata(encodeMetadata(facts)), { dataset, normalization, classNames });
});

test("passes over what is missing or makes no sense", (t) => {
  const nothing = { dataset: undefined, normalization: undefined, classNames: undefined };
  t.deepEqual(decodeMetadata({}), nothing);
  for (const normalization of ["{", "null", "3", "{}", '{"mean":0,"deviation":0}', '{"mean":"0","deviation":1}']) {
    t.deepEqual(decodeMetadata({ normalization, classNames: '["cat", 1]' }), nothing, normalization);
  }
});

test("passes over names that a terminal would obey, or that fill the screen", (t) => {
  for (const name of ["\u001b[2J", "\u009b1m", "a\nb", "\u202e", "x".repeat(101)]) {
    t.is(decodeMetadata({ classNames: JSON.stringify([name]) }).classNames, undefined, JSON.stringify(name));
  }
  t.deepEqual(decodeMetadata({ classNames: '["größer","猫","🐕"]' }).classNames, ["größer", "猫", "🐕"]);
});
