import test from "ava";
import { besideNeighbours } from "../../test/neighbours.ts";
import { haveSameBits, sameBitsCases } from "../../test/same_bits.ts";

for (const kernels of ["narrow", "wide"] as const) {
  for (const { title, options, ...each } of sameBitsCases) {
    test.serial(`1, 2, 3, 4 and 8 workers give the same bits with ${kernels} kernels: ${title}`, async (t) => {
      await haveSameBits(t, { title, options: { ...options, kernels }, ...each }, [2, 3, 4, 8]);
    });
  }
}

for (const { title, ...each } of sameBitsCases) {
  test.serial(`1, 2, 3, 4 and 8 workers give the same bits beside other programs: ${title}`, async (t) => {
    await besideNeighbours(async () => haveSameBits(t, { title, ...each }, [2, 3, 4, 8]));
  });
}
