import fc from "fast-check";
import { encodeCheckpoint } from "../../../packages/core/src/formats/checkpoint/encode_checkpoint.ts";
import { encodeSafetensors } from "../../../packages/core/src/formats/safetensors/encode_safetensors.ts";
import { decodeSafetensors } from "../../../packages/core/src/formats/safetensors/safetensors.ts";
import { seedCnn } from "../../../packages/core/src/model/networks/seed_cnn.ts";
import { Sequential } from "../../../packages/core/src/model/sequential.ts";
import { sampleCheckpoint } from "../../../packages/core/test/sample_checkpoint.ts";
import { array, hostileNumber, hostileText, hostileValue, type JsonText, object } from "./json.ts";
import { network } from "./network.ts";

const bytesOfType: Readonly<Record<string, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  BOOL: 1,
  F8_E4M3: 1,
  NEW: 1,
};

const metadataText: JsonText = fc.oneof(
  { weight: 9, arbitrary: fc.string({ maxLength: 9 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: hostileText },
);

interface TensorDraft {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

const own = seedCnn().parameters.map(({ name, shape }) => ({ name, shape }));
const draft: fc.Arbitrary<TensorDraft> = fc
  .record({
    dtype: fc.constantFrom(...Object.keys(bytesOfType), ...Array<string>(8).fill("F32")),
    of: fc.oneof(
      fc.constantFrom(...own),
      fc.record({ name: fc.string({ unit: "binary", maxLength: 8 }), shape: fc.array(fc.nat(4), { maxLength: 5 }) }),
    ),
  })
  .map(({ dtype, of: { name, shape } }) => ({ name, dtype, shape }));

interface Laid {
  readonly header: string;
  readonly dataLength: number;
}

/** Tensors one behind the other, of which any part may be something else. */
const laidOut: fc.Arbitrary<Laid> = fc
  .uniqueArray(draft, { maxLength: 4, selector: ({ name }) => name })
  .chain((drafts) => {
    let end = 0;
    const members: fc.Arbitrary<string>[] = drafts.map(({ name, dtype, shape }) => {
      const begin = end;
      end += shape.reduce((a, b) => a * b, 1) * bytesOfType[dtype];
      const offsets = fc.oneof(
        { weight: 60, arbitrary: fc.constant(`[${begin},${end}]`) },
        { weight: 1, arbitrary: array(hostileNumber, 3) },
      );
      const sizes = fc.oneof(
        { weight: 60, arbitrary: fc.constant(`[${shape.join()}]`) },
        { weight: 1, arbitrary: array(hostileNumber, 70) },
      );
      const entry = object({ dtype: fc.constant(JSON.stringify(dtype)), shape: sizes, data_offsets: offsets });
      return entry.map((value) => `${JSON.stringify(name)}:${value}`);
    });
    const metadata = array(
      fc.tuple(metadataText, metadataText).map((pair) => pair.join(":")),
      3,
    ).map((pairs) => `"__metadata__":{${pairs.slice(1, -1)}}`);
    return fc.tuple(metadata, ...members).map((all) => ({ header: `{${all.join()}}`, dataLength: end }));
  });

/** A safetensors file of any program, or what is almost one. */
export const weights: fc.Arbitrary<Uint8Array> = fc
  .record({
    laid: laidOut,
    more: fc.constantFrom(...Array<number>(20).fill(0), 1, -1, 7),
    length: fc.constantFrom(...Array<bigint>(20).fill(0n), 1n, 2n ** 32n),
  })
  .map(({ laid: { header, dataLength }, more, length }) => {
    const text = Buffer.from(header);
    const bytes = Buffer.alloc(8 + text.length + Math.max(dataLength + more, 0));
    bytes.writeBigUInt64LE(BigInt(text.length) + length);
    text.copy(bytes, 8);
    return bytes;
  });

/** A network with as many weights as it needs, where it can be built. */
export const savedNetwork: fc.Arbitrary<Uint8Array> = fc
  .tuple(network, fc.option(hostileValue), fc.option(hostileValue))
  .map(([text, classNames, normalization]) => {
    const metadata = {
      "convoy.model": text.toWellFormed(),
      ...(classNames === null ? {} : { classNames: classNames.toWellFormed() }),
      ...(normalization === null ? {} : { normalization: normalization.toWellFormed() }),
    };
    return encodeSafetensors({ tensors: tensorsFor(text), metadata });
  });

function tensorsFor(text: string): { name: string; shape: readonly number[]; data: Float32Array }[] {
  try {
    const { parameters, parameterCount } = Sequential.fromJSON(JSON.parse(text));
    if (parameterCount > 1e5) return [];
    return parameters.map(({ name, shape, size }) => ({ name, shape, data: new Float32Array(size).fill(0.01) }));
  } catch {
    return [];
  }
}

const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(sampleCheckpoint()));
const progress: JsonText = object({ loss: hostileNumber, correct: hostileNumber, recentLoss: hostileNumber });

/** A checkpoint whose digest is right, and one of whose texts may be anything. */
export const checkpoint: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...Object.keys(metadata)),
    fc.oneof(hostileValue, hostileNumber, progress, network, object({ a: hostileValue, b: hostileValue })),
    fc.integer({ min: 0, max: tensors.length }),
  )
  .map(([key, text, count]) => {
    const kept = count === 0 ? tensors.slice(1) : tensors;
    return encodeSafetensors({ tensors: kept, metadata: { ...metadata, [key]: text.toWellFormed() }, sealed: true });
  });
