import { gzipSync } from "node:zlib";
import { encodeRunFile } from "../../apps/trainer/src/runs/run_file.ts";
import { encodeCheckpoint } from "../../packages/core/src/formats/checkpoint/encode_checkpoint.ts";
import { encodeSafetensors } from "../../packages/core/src/formats/safetensors/encode_safetensors.ts";
import { noDigest, ownDigest } from "../../packages/core/src/formats/files/file_digest.ts";
import { decodeSafetensors } from "../../packages/core/src/formats/safetensors/safetensors.ts";
import { sampleCheckpoint } from "../../packages/core/test/sample_checkpoint.ts";
import type { HostileFile } from "./peak_memory.ts";
import type { ReaderName } from "./readers.ts";

type Makers = readonly (readonly [
  what: string,
  make: (size: number) => Uint8Array | string,
  /** Bytes that are honestly there when it is inflated. */
  inflated?: (size: number) => number,
])[];

function safetensors(header: string, dataLength = 0): Uint8Array {
  const text = Buffer.from(header);
  const bytes = Buffer.alloc(8 + text.length + dataLength);
  bytes.writeBigUInt64LE(BigInt(text.length));
  text.copy(bytes, 8);
  return bytes;
}

const withMetadata = (metadata: Readonly<Record<string, string>>): Uint8Array =>
  safetensors(JSON.stringify({ __metadata__: metadata }));

const withNetwork = (text: string): Uint8Array => withMetadata({ "convoy.model": text });

/** Many of the same, with commas, in so many bytes. */
function many(size: number, one: (i: number) => string): string {
  const width = one(0).length + 2;
  return Array.from({ length: Math.floor(size / width) }, (_, i) => one(i)).join();
}

const index = (i: number): string => i.toString(36).padStart(5, "0");
const arrays = (size: number): string => `[${many(size, () => "[]")}]`;
const flat = { inputShape: [28, 28, 1], layers: [{ kind: "flatten" }], seed: 1 };
const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(sampleCheckpoint()));

/** A checkpoint whose digest is right, with another text in its metadata. */
const withText = (key: string, text: string): Uint8Array =>
  encodeSafetensors({ tensors, metadata: { ...metadata, [key]: text }, sealed: true });

/** As large as it is allowed to be here, and right to the digest. */
function sealedRun(members: string): Uint8Array {
  const bytes = Buffer.from(`{\n  "sha256": "${noDigest}",\n${members}\n}\n`);
  bytes.write(ownDigest(bytes, 15), 15, "latin1");
  return bytes;
}

function idx(type: number, dimensions: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, type, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, data]);
}

const headers: Makers = [
  [
    "metadata of millions of keys",
    (size) => safetensors(`{"__metadata__":{${many(size, (i) => `"${index(i)}":""`)}}}`),
  ],
  [
    "millions of tensors",
    (size) => safetensors(`{${many(size, (i) => `"${index(i)}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`)}}`),
  ],
  [
    "shapes of 64 sizes",
    (size) => {
      const shape = `[${Array(64).fill(0).join()}]`;
      return safetensors(
        `{${many(size, (i) => `"${index(i)}":{"dtype":"F32","shape":${shape},"data_offsets":[0,0]}`)}}`,
      );
    },
  ],
  ["one text, of wide characters", (size) => withMetadata({ a: `Ā${"a".repeat(size)}` })],
  ["one text, of escapes", (size) => safetensors(`{"__metadata__":{"a":"${"\\u0100".repeat(size / 6)}"}}`)],
  [
    "texts of wide characters",
    (size) => safetensors(`{"__metadata__":{${many(size, (i) => `"${index(i)}":"${"Āaaaaaaa".repeat(1000)}"`)}}}`),
  ],
  ["arrays in one another", (size) => safetensors(`{"a":{"shape":${"[".repeat(size)}`)],
];

/** Files that took many times their size, or might, by reader. */
const makers: Readonly<Record<ReaderName, Makers>> = {
  "weights for a network": [
    ...headers,
    [
      "a tensor of F64",
      (size) => safetensors(`{"a":{"dtype":"F64","shape":[${size / 8}],"data_offsets":[0,${size}]}}`, size),
    ],
  ],
  "a saved network": [
    [
      "classes for each of 32,767 x 32,767 pixels",
      () => withNetwork(JSON.stringify({ ...flat, inputShape: [32_767, 32_767, 1] })),
    ],
    [
      "classes for each of 4096 x 4096 pixels",
      () => withNetwork(JSON.stringify({ ...flat, inputShape: [4096, 4096, 1] })),
    ],
    [
      "filters without end",
      () =>
        withNetwork(
          JSON.stringify({
            ...flat,
            layers: [{ kind: "conv2d", filters: 2 ** 31 - 1, kernelSize: 1, padding: "same" }],
          }),
        ),
    ],
    [
      "a window without end",
      () =>
        withNetwork(
          JSON.stringify({ ...flat, layers: [{ kind: "maxPool2d", poolSize: 2 ** 31 - 1, padding: "same" }] }),
        ),
    ],
    [
      "layers without end",
      (size) => withNetwork(`{"inputShape":[2,2,1],"layers":[${many(Math.min(size, 2e6), () => '{"kind":"relu"}')}]}`),
    ],
    ["a network of empty arrays", (size) => withNetwork(arrays(Math.min(size, 2e6)))],
    [
      "names of empty arrays",
      (size) => withMetadata({ "convoy.model": JSON.stringify(flat), classNames: arrays(Math.min(size, 4e6)) }),
    ],
    [
      "names of its own, empty arrays",
      (size) =>
        withNetwork(
          `{"inputShape":[28,28,1],"layers":[{"kind":"flatten"}],"seed":1,"classNames":${arrays(Math.min(size, 2e6))}}`,
        ),
    ],
  ],
  "a checkpoint": [
    ...headers.slice(0, 2),
    ["settings of empty arrays", (size) => withText("convoy.settings", arrays(Math.min(size, 4e6)))],
    ["an optimizer of empty arrays", () => withText("convoy.optimizer", arrays(60_000))],
    ["a network of empty arrays", (size) => withText("convoy.model", arrays(Math.min(size, 2e6)))],
  ],
  "run.json": [
    ["empty arrays", (size) => sealedRun(`  "a": ${arrays(size)}`)],
    ["empty objects", (size) => sealedRun(`  "a": [${many(size, () => "{}")}]`)],
    ["many names", (size) => sealedRun(`  "a": {${many(size, (i) => `"${index(i)}":0`)}}`)],
    ["arrays in one another", (size) => sealedRun(`  "a": ${"[".repeat(size / 2)}${"]".repeat(size / 2)}`)],
    [
      "a whole one that is large",
      (size) =>
        encodeRunFile({
          convoy: "1",
          settings: { a: "x".repeat(size) },
          machine: {},
          epochs: 1,
          steps: 1,
          weightsSha256: "0".repeat(64),
        }),
    ],
  ],
  "metrics.jsonl": [
    ["a line of empty arrays", (size) => `${arrays(size)}\n`],
    ["lines of nothing", (size) => "{}\n".repeat(size / 3)],
    ["no line at all", (size) => "x".repeat(size)],
    ["empty lines", (size) => "\n".repeat(size)],
  ],
  "a lock": [
    ["empty arrays", (size) => arrays(size)],
    ["empty arrays that are short enough", () => arrays(4000)],
  ],
  "a verdict on kernels": [
    ["empty arrays", (size) => arrays(size)],
    ["a key of empty arrays", () => `{"key":${arrays(60_000)},"verdict":{}}`],
  ],
  "an IDX file": [
    ["a gigabyte that is not there", () => idx(8, [2 ** 20, 32, 32], Buffer.alloc(1))],
    ["a gzip bomb behind a small header", (size) => gzipSync(idx(8, [2, 2], Buffer.alloc(size * 20)))],
    ["a gzip bomb behind a large header", (size) => gzipSync(idx(8, [2 ** 30], Buffer.alloc(size))), (size) => size],
    ["gzip members without content", (size) => Buffer.concat(Array(Math.floor(size / 20)).fill(gzipSync("")))],
    ["zeros", (size) => Buffer.alloc(size)],
  ],
  "labels in IDX": [
    ["integers of four bytes", (size) => idx(0x0c, [size / 4], Buffer.alloc(size))],
    ["rows of QMNIST", (size) => idx(0x0c, [size / 32, 8], Buffer.alloc(size))],
  ],
};

/** @param size bytes, where the kind of file can have as many */
export function hostileFiles(reader: ReaderName, size: number): HostileFile[] {
  return makers[reader].map(([what, make, inflated]) => {
    const bytes = Buffer.from(make(size));
    return { what, bytes, size: inflated?.(size) ?? bytes.length };
  });
}
