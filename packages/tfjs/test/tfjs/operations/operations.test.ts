import { readFileSync } from "node:fs";
import test from "ava";
import { types } from "./cell.ts";
import { listedDifferences } from "./differences.ts";
import { imageOperations } from "./images.ts";
import { operations } from "./operations.ts";
import { twoBackends } from "./two_backends.ts";

// A sample of operations.long.test.ts: each operation and type once, of some rank.

test("operations give on backend 'wasm' what they give on 'cpu', in every type, and leave other tensors alone", async (t) => {
  const comparison = await twoBackends();
  for (const [i, [name, operation]] of Object.entries(operations).entries()) {
    for (const [j, dtype] of types.entries()) {
      const numbers = (i + j) % 2 === 0 ? "plain" : "special";
      for (const rank of name in imageOperations ? [3, 4, 5] : [1 + ((i + j) % 6)]) {
        comparison.run(name, operation, dtype, rank, numbers, i);
      }
    }
  }
  comparison.end();
  t.deepEqual(comparison.lines, []);
});

test("the page of fixes names each operation that differs from backend 'cpu'", (t) => {
  const page = readFileSync(new URL("../../../../../docs/tfjs-wasm-fixes.md", import.meta.url), "utf8");
  for (const { operations: names, reason } of listedDifferences) {
    for (const name of names) {
      const word = name.replace(" of two types", "");
      t.true(page.split("## What still differs")[1].includes(`\`${word}\``), `${word}: ${reason}`);
    }
  }
});
