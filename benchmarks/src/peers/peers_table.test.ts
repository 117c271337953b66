import test from "ava";
import type { Row } from "../result.ts";
import { peersTable } from "./peers_table.ts";

function row(network: string, peer: string, median: number, extra: Record<string, string | number> = {}): Row {
  const place = { network, batchSize: 64, peer };
  return { name: `${network}, ${peer}`, unit: "images/s", median, mad: 1, samples: 3, ...place, ...extra };
}

const machine = { cpu: "AMD EPYC", cores: 2, memory: 1, os: "Linux" };

test("a line for each network and batch size, a column for each peer, faster or slower", (t) => {
  const rows = [
    row("a", "Convoy", 51_234),
    row("a", "PyTorch", 10_000, { ratio: 5.12, version: "2.13.0" }),
    row("a", "tfjs cpu", 8.25, { ratio: 6210.4, version: "4.22.0" }),
    row("b", "Convoy", 900),
    row("b", "PyTorch", 1000, { ratio: 0.9, version: "2.13.0" }),
  ];
  const table = peersTable({ rows, machine, node: "26.10.0", command: "pnpm bench peers" }).split("\n");
  t.deepEqual(table.slice(0, 5), [
    "| images/s in training | Convoy | PyTorch | tfjs cpu |",
    "|---|---|---|---|",
    "| a, batch 64 | 51,234 | 10,000 (5.1×) | 8.3 (6210×) |",
    "| b, batch 64 | 900 | 1,000 (0.9×) | – |",
    "",
  ]);
  t.regex(table[5], /2 cores: AMD EPYC, Node 26.10.0; PyTorch 2.13.0, tfjs cpu 4.22.0. From `pnpm bench peers`/);
});
