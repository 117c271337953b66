import { createHash } from "node:crypto";

/**
 * Fingerprint of a tfjs-layers model's topology and frozen weights. tfjs numbers layers through the life of a process, so
 * names count by their order alone, and initializers not at all: the weights are given.
 */
export function topologySha256(topology: string): string {
  const names = new Map<string, number>();
  const parsed: unknown = JSON.parse(topology, (key, value: unknown) => {
    if (key === "name" && typeof value === "string" && !names.has(value)) names.set(value, names.size);
    return value;
  });
  const text = JSON.stringify(parsed, (key, value: unknown) => {
    if (/initializer$/i.test(key)) return undefined;
    const order = typeof value === "string" ? names.get(value) : undefined;
    return order === undefined ? value : `name ${order}`;
  });
  return createHash("sha256").update(text).digest("hex");
}
