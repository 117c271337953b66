import test from "ava";
import { haveSameBits, sameBitsCases } from "../../test/compiled_same_bits.ts";
import { tensorflow } from "../../test/tensorflow.ts";

test.before(async () => {
  await tensorflow();
});

for (const each of sameBitsCases) {
  test.serial(`1, 2, 3 and 4 workers give the same bits: ${each.title}`, async (t) => {
    await haveSameBits(t, each, [2, 3, 4]);
  });
}
