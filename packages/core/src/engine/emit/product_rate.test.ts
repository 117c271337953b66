import test from "ava";
import { productRate } from "./product_rate.ts";

for (const variant of ["narrow", "wide"] as const) {
  test(`measures a rate of the ${variant} kernels`, (t) => {
    const rate = productRate(variant);
    t.true(Number.isFinite(rate) && rate > 0, String(rate));
  });
}
