import { gzipSync } from "node:zlib";
import fc from "fast-check";

const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 256, 65_536, 2 ** 24, 2 ** 30, 2 ** 31, 2 ** 32 - 1) },
);
const elementBytes: Readonly<Record<number, number>> = { 8: 1, 9: 1, 0x0b: 2, 0x0c: 4, 0x0d: 4, 0x0e: 8 };

const plain = (mostSizes: number): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      magic: fc.oneof(
        { weight: 12, arbitrary: fc.constant([0, 0]) },
        { weight: 1, arbitrary: fc.constantFrom([0, 1], [0x1f, 0x8b], [0x3c, 0x68]) },
      ),
      type: fc.constantFrom(8, 8, 8, 8, 8, 8, 8, 8, 9, 0x0b, 0x0c, 0x0c, 0x0d, 0x0e, 0, 255),
      sizes: fc.oneof(
        { weight: 8, arbitrary: fc.array(size, { minLength: 1, maxLength: mostSizes }) },
        { weight: 1, arbitrary: fc.array(size, { maxLength: 9 }) },
      ),
      isLittle: fc.constantFrom(...Array<boolean>(9).fill(false), true),
      more: fc.constantFrom(...Array<number>(9).fill(0), 1, -1, 100),
      value: fc.nat(255),
    })
    .map(({ magic, type, sizes, isLittle, more, value }) => {
      const header = Buffer.alloc(4 + 4 * sizes.length);
      header.set([...magic, type, sizes.length]);
      for (const [i, each] of sizes.entries()) {
        if (isLittle) header.writeUInt32LE(each, 4 + 4 * i);
        else header.writeUInt32BE(each, 4 + 4 * i);
      }
      const said = sizes.reduce((all, each) => all * each, elementBytes[type] ?? 1);
      const length = Math.min(Math.max(said + more, 0), 5000);
      return Buffer.concat([header, Buffer.alloc(length, value)]);
    });

/**
 * An IDX file, plain, zipped, zipped again, in pieces or cut off.
 *
 * @param mostSizes dimensions that it mostly has
 */
export function idx(mostSizes: number): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(
      plain(mostSizes),
      fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 2),
      fc.constantFrom(...Array<number>(9).fill(0), 1, 9),
      fc.boolean(),
    )
    .map(([bytes, zips, cut, inMembers]) => {
      let file: Uint8Array = bytes;
      for (let i = 0; i < zips; i++) {
        const middle = file.length >> 1;
        file = inMembers
          ? Buffer.concat([gzipSync(file.subarray(0, middle)), gzipSync(file.subarray(middle))])
          : gzipSync(file);
      }
      return file.subarray(0, Math.max(file.length - cut, 0));
    });
}
