import { createHash } from "node:crypto";
import test from "ava";
import { permutation } from "./permutation.ts";

test("gives the order of the formula, worked out in another language", (t) => {
  t.deepEqual([...permutation(1, 0, 5)], [3, 2, 0, 1, 4]);
  t.deepEqual([...permutation(1, 1, 5)], [0, 4, 3, 1, 2]);
  t.deepEqual([...permutation(2, 0, 5)], [1, 3, 0, 4, 2]);
  const order = permutation(1, 3, 60_000);
  t.is(
    createHash("sha256").update(Buffer.from(order.buffer)).digest("hex"),
    "17d7261e1b406af5f30032dfeae7e6640289c56bfa8ce34a5e623ac6b67ff028",
  );
});

test("visits every sample once", (t) => {
  const order = permutation(7, 2, 1000);
  t.deepEqual(
    [...order].sort((a, b) => a - b),
    [...Array(1000).keys()],
  );
});

test("is empty for no sample and 0 for one", (t) => {
  t.deepEqual([...permutation(1, 0, 0)], []);
  t.deepEqual([...permutation(1, 0, 1)], [0]);
});

test("puts each sample at each place equally often", (t) => {
  const counts = new Int32Array(16);
  const epochs = 8000;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [place, sample] of permutation(1, epoch, 4).entries()) counts[place * 4 + sample]++;
  }
  for (const count of counts) t.true(Math.abs(count / epochs - 0.25) < 0.02, String(count / epochs));
});

test("writes into the array it is given", (t) => {
  const out = new Int32Array(new SharedArrayBuffer(20));
  t.is(permutation(1, 0, 5, out), out);
  t.deepEqual([...out], [3, 2, 0, 1, 4]);
});

test("refuses an array of another length", (t) => {
  t.throws(() => permutation(1, 0, 5, new Int32Array(4)), {
    code: "PERMUTATION_LENGTH",
    message: /5 samples has 4 elements/,
  });
});
