import test from "ava";
import { learnsAsConvoy, ratioOf } from "./ratios.ts";

test("a ratio is the median of the turns' ratios, so a slow minute in one turn does not show", (t) => {
  const pairs = [
    { convoy: [40, 42, 41], peer: [10] },
    { convoy: [20], peer: [4] },
    { convoy: [44], peer: [11] },
  ];
  t.is(ratioOf(pairs), 4.1);
});

test("a peer that is faster has a ratio below one", (t) => {
  t.is(ratioOf([{ convoy: [5], peer: [10] }]), 0.5);
});

test("losses may differ by two percent of Convoy's, to either side", (t) => {
  t.true(learnsAsConvoy(0.3, 0.3));
  t.true(learnsAsConvoy(0.305, 0.3));
  t.true(learnsAsConvoy(0.295, 0.3));
  t.false(learnsAsConvoy(0.307, 0.3));
  t.false(learnsAsConvoy(0.293, 0.3));
  t.false(learnsAsConvoy(Number.NaN, 0.3));
});
