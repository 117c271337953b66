import test from "ava";
import { types } from "./cell.ts";
import { operations } from "./operations.ts";
import { twoBackends } from "./two_backends.ts";

test("every operation agrees with backend 'cpu' in every type and rank, and leaves other tensors alone", async (t) => {
  t.timeout(1_800_000);
  const comparison = await twoBackends();
  for (const [name, operation] of Object.entries(operations)) {
    for (const dtype of types) {
      for (let rank = 1; rank <= 6; rank++) {
        for (const numbers of ["plain", "special", "none"] as const) {
          for (let seed = 0; seed < 6; seed++) comparison.run(name, operation, dtype, rank, numbers, seed);
        }
      }
    }
  }
  comparison.end();
  t.deepEqual(comparison.lines, []);
});
