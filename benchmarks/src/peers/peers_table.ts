import type { Result, Row } from "../result.ts";

/** Convoy beside its peers, as the README shows them: a line for each network and batch size. */
export function peersTable({
  rows,
  machine,
  node,
  command,
}: Pick<Result, "rows" | "machine" | "node" | "command">): string {
  const peers = [...new Set(rows.map(({ peer }) => String(peer)))].filter((peer) => peer !== "Convoy");
  const places = new Map<string, Row[]>();
  for (const row of rows) {
    const place = `${row["network"]}, batch ${row["batchSize"]}`;
    places.set(place, [...(places.get(place) ?? []), row]);
  }
  const lines = [...places].map(([place, measured]) => {
    const cells = ["Convoy", ...peers].map((peer) => cell(measured.find((row) => row["peer"] === peer)));
    return `| ${place} | ${cells.join(" | ")} |`;
  });
  return [
    `| images/s in training | Convoy | ${peers.join(" | ")} |`,
    `|---|${"---|".repeat(peers.length + 1)}`,
    ...lines,
    "",
    `Medians, and in brackets how many times as fast Convoy is. Each program has the best of its set-ups that were tried, ` +
      `on ${machine.cores} cores: ${machine.cpu}, Node ${node}; ${versions(rows, peers)}. From \`${command}\`; ` +
      "[docs/peers.md](docs/peers.md) says how they are compared.",
  ].join("\n");
}

function cell(row: Row | undefined): string {
  if (row === undefined) return "–";
  const rate = row.median.toLocaleString("en", { maximumFractionDigits: row.median < 100 ? 1 : 0 });
  const ratio = row["ratio"];
  return typeof ratio === "number" ? `${rate} (${ratio.toFixed(ratio < 100 ? 1 : 0)}×)` : rate;
}

function versions(rows: readonly Row[], peers: readonly string[]): string {
  // That of "tfjs wasm" is Convoy's own tape, and has its version.
  return peers
    .filter((peer) => peer !== "tfjs wasm")
    .map((peer) => `${peer} ${rows.find((row) => row["peer"] === peer)?.["version"] ?? ""}`.trim())
    .join(", ");
}
