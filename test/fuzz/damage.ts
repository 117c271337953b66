import fc from "fast-check";

/** One thing that happens to files: on disks, in transfers, in hands. */
type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "write"; readonly at: number; readonly value: number }
  | { readonly kind: "truncate"; readonly at: number }
  | { readonly kind: "remove" | "repeat"; readonly at: number; readonly count: number };

// Headers are where a flipped bit does the most; most files here have theirs in the first 100 bytes.
const place = fc.oneof(fc.nat(100), fc.nat());

/** From one to four of them. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("write" as const), at: place, value: fc.nat(255) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("truncate" as const), at: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom("remove" as const, "repeat" as const),
        at: place,
        count: fc.nat(64),
      }),
    },
  ),
  { minLength: 1, maxLength: 4 },
);

/** A copy with all of that done to it, one after the other. */
export function damaged(bytes: Uint8Array, all: readonly Damage[]): Uint8Array {
  let result = Buffer.from(bytes);
  for (const damage of all) {
    if (result.length === 0) return result;
    const at = damage.at % result.length;
    if (damage.kind === "flip") result[at] ^= 1 << damage.bit;
    else if (damage.kind === "write") result[at] = damage.value;
    else if (damage.kind === "truncate") result = Buffer.from(result.subarray(0, at));
    else if (damage.kind === "remove")
      result = Buffer.concat([result.subarray(0, at), result.subarray(at + damage.count)]);
    else result = Buffer.concat([result.subarray(0, at + damage.count), result.subarray(at)]);
  }
  return result;
}
