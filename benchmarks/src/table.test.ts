import test from "ava";
import { table } from "./table.ts";

test("numbers stand right, text left, and missing fields are empty", (t) => {
  const rows = [
    { name: "batch 16", unit: "images/s", median: 13_579.6, mad: 21.46, samples: 100, batchSize: 16 },
    { name: "a longer name", unit: "µs", median: 0.012_345, mad: 0, samples: 7 },
  ];
  t.is(
    table(rows),
    [
      "name            median    MAD  unit      samples  batchSize",
      "batch 16        13,580  21.46  images/s      100         16",
      "a longer name  0.01235      0  µs              7",
    ].join("\n"),
  );
});

test("no rows are a header", (t) => {
  t.is(table([]), "name  median  MAD  unit  samples");
});
