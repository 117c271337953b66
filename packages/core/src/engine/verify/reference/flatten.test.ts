import test from "ava";
import { flatten, flattenGradient } from "./flatten.ts";
import { tensor } from "./tensor.ts";

test("keeps the order of height, width and channels, and goes back", (t) => {
  const x = tensor([2, 1, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
  t.deepEqual(flatten(x), tensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]));
  t.deepEqual(flattenGradient(flatten(x), x.shape), x);
});
