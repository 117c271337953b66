import test from "ava";
import { encodeSafetensors } from "./encode_safetensors.ts";
import { decodeSafetensors, type NamedTensor } from "./safetensors.ts";

/** A file with this header and this many zero bytes of data. */
function fileOf(header: string | Uint8Array, dataLength: number, headerLength?: bigint): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const content = {
  tensors: [
    { name: "b", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: "1", shape: [], data: Float32Array.of(-0) },
    { name: "empty", shape: [0, 4], data: new Float32Array(0) },
    { name: "toString", shape: [2], data: Float32Array.of(Number.NaN, Infinity) },
    { name: 'a "quoted" näme', shape: [1, 1], data: Float32Array.of(1e-45) },
  ],
  metadata: { note: "größer ✓", empty: "" },
};

test("a tiny file has the bytes worked out by hand", (t) => {
  const bytes = encodeSafetensors({ tensors: [{ name: "a", shape: [2], data: Float32Array.of(1, -2) }] });
  // 54 characters of header, two spaces up to 56 = 0x38, then 1 = 0x3f800000 and -2 = 0xc0000000.
  const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
  t.deepEqual([...bytes], [0x38, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});

test("metadata stands in the header as a map of strings", (t) => {
  const bytes = encodeSafetensors({ tensors: [], metadata: { k: "v" } });
  const header = '{"__metadata__":{"k":"v"}}      ';
  t.deepEqual([...bytes], [header.length, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header)]);
});

test("what is written comes back: order, names, shapes, every bit, metadata", (t) => {
  const decoded = decodeSafetensors(encodeSafetensors(content));
  t.deepEqual(decoded, { ...content, others: [], verified: false });
  t.is(Object.is(decoded.tensors[1].data[0], -0), true);
});

test("bytes that begin at an odd address are read too", (t) => {
  const bytes = encodeSafetensors(content);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  t.deepEqual(decodeSafetensors(shifted), { ...content, others: [], verified: false });
});

test("a reader that knows only the format's page finds each tensor", (t) => {
  const bytes = encodeSafetensors(content);
  const view = new DataView(bytes.buffer);
  t.is(view.getUint32(4, true), 0);
  const length = view.getUint32(0, true);
  t.is((8 + length) % 8, 0);
  t.is(bytes[8], 0x7b);
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    Buffer.from(bytes.subarray(8, 8 + length)).toString("utf8"),
  );
  const entries = new Map(Object.entries(header));
  t.deepEqual(entries.get("__metadata__") as unknown, content.metadata);
  let covered = 0;
  for (const { name, shape, data } of content.tensors) {
    const entry = entries.get(name)!;
    const [begin, end] = entry.data_offsets;
    t.deepEqual([entry.dtype, entry.shape, end - begin], ["F32", shape, data.length * 4]);
    for (const [i, value] of data.entries()) t.is(view.getFloat32(8 + length + begin + i * 4, true), value);
    covered += end - begin;
  }
  t.is(8 + length + covered, bytes.length);
});

test("tensors may stand in the header in another order than in the data", (t) => {
  const header =
    '{"late":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"early":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  t.deepEqual(
    decodeSafetensors(fileOf(header, 8)).tensors.map(({ name }) => name),
    ["early", "late"],
  );
});

test("the file cut at any byte is refused", (t) => {
  const bytes = encodeSafetensors(content);
  for (let length = 0; length < bytes.length; length++) {
    t.throws(() => decodeSafetensors(bytes.subarray(0, length)), { code: "CHECKPOINT_TRUNCATED" }, `cut at ${length}`);
  }
});

test("one byte more is refused", (t) => {
  const bytes = encodeSafetensors(content);
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  t.throws(() => decodeSafetensors(longer), { code: "CHECKPOINT_OFFSETS", message: /1 bytes after its last tensor/ });
});

const encode = (...tensors: NamedTensor[]) => encodeSafetensors({ tensors });

const described = (shape: unknown, offsets: unknown, dtype: unknown = "F32") =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

const damaged: [string, Uint8Array, string, RegExp][] = [
  ["a header longer than the file", fileOf("{}", 0, 3n), "CHECKPOINT_TRUNCATED", /inside its header of 3/],
  ["a header of 2^64 - 1 bytes", fileOf("{}", 0, 2n ** 64n - 1n), "CHECKPOINT_HEADER", /are the most/],
  ["a header length that cuts the JSON", fileOf("{}", 0, 1n), "CHECKPOINT_HEADER", /not JSON/],
  ["an empty header", fileOf("", 0), "CHECKPOINT_HEADER", /does not begin/],
  ["a header that is an array", fileOf("[]", 0), "CHECKPOINT_HEADER", /does not begin/],
  ["spaces before the header", fileOf(" {}", 0), "CHECKPOINT_HEADER", /does not begin/],
  ["a header that is not JSON", fileOf("{a:1}", 0), "CHECKPOINT_HEADER", /not JSON/],
  ["zero bytes after the JSON", fileOf("{}\0\0", 0), "CHECKPOINT_HEADER", /not JSON/],
  ["bytes that are not UTF-8", fileOf(Uint8Array.of(0x7b, 0xff, 0x7d), 0), "CHECKPOINT_HEADER", /not JSON in UTF-8/],
  ["an entry that is no object", fileOf('{"a":1}', 0), "CHECKPOINT_HEADER", /tensor "a"; got 1/],
  ["an entry that is null", fileOf('{"a":null}', 0), "CHECKPOINT_HEADER", /got null/],
  [
    "metadata that is no object",
    fileOf('{"__metadata__":["x"]}', 0),
    "CHECKPOINT_METADATA",
    /must give an object for __metadata__; got \["x"/,
  ],
  [
    "metadata that is no text",
    fileOf('{"__metadata__":{"a":1}}', 0),
    "CHECKPOINT_METADATA",
    /must give a string of at most 4 MiB for metadata "a"; got 1/,
  ],
  [
    "a name that comes twice",
    fileOf(`{"a":${described([1], [0, 4])},"a":${described([1], [0, 4])}}`, 4),
    "CHECKPOINT_DUPLICATE",
    /"a" twice/,
  ],
  [
    "a shape that comes twice",
    fileOf('{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}', 4),
    "CHECKPOINT_DUPLICATE",
    /"shape" twice/,
  ],
  [
    "metadata that comes twice",
    fileOf('{"__metadata__":{},"__metadata__":{}}', 0),
    "CHECKPOINT_DUPLICATE",
    /"__metadata__" twice/,
  ],
  [
    "another type of another size",
    fileOf(`{"a":${described([1], [0, 4], "F64")}}`, 4),
    "CHECKPOINT_SHAPE",
    /gives tensor "a" 4 bytes; \[1\] in F64 needs 8/,
  ],
  ["no type", fileOf('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), "CHECKPOINT_DTYPE", /no dtype/],
  ["no shape", fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), "CHECKPOINT_SHAPE", /no shape/],
  ["a negative size", fileOf(`{"a":${described([-1], [0, 4])}}`, 4), "CHECKPOINT_SHAPE", /whole numbers/],
  ["half a size", fileOf(`{"a":${described([0.5], [0, 2])}}`, 2), "CHECKPOINT_SHAPE", /whole numbers/],
  ["a size that is text", fileOf(`{"a":${described(["1"], [0, 4])}}`, 4), "CHECKPOINT_SHAPE", /whole numbers/],
  [
    "a shape that needs more bytes",
    fileOf(`{"a":${described([2], [0, 4])}}`, 4),
    "CHECKPOINT_SHAPE",
    /4 bytes; \[2\] in F32 needs 8/,
  ],
  ["a shape of 2^60 values", fileOf(`{"a":${described([2 ** 30, 2 ** 30], [0, 4])}}`, 4), "CHECKPOINT_SHAPE", /needs/],
  [
    "one offset",
    fileOf(`{"a":${described([1], [0])}}`, 4),
    "CHECKPOINT_OFFSETS",
    /must give \[begin, end\], whole numbers/,
  ],
  [
    "a negative offset",
    fileOf(`{"a":${described([1], [-4, 0])}}`, 4),
    "CHECKPOINT_OFFSETS",
    /must give \[begin, end\], whole numbers/,
  ],
  [
    "an offset beyond 2^53",
    fileOf(`{"a":${described([1], [0, 1e300])}}`, 4),
    "CHECKPOINT_OFFSETS",
    /must give \[begin, end\], whole numbers/,
  ],
  [
    "offsets the wrong way round",
    fileOf(`{"a":${described([1], [4, 0])}}`, 4),
    "CHECKPOINT_OFFSETS",
    /must begin at 0/,
  ],
  [
    "offsets out of range",
    fileOf(`{"a":${described([2 ** 30], [0, 2 ** 32])}}`, 4),
    "CHECKPOINT_TRUNCATED",
    /after 4 of 4294967296 bytes/,
  ],
  ["a hole at the start", fileOf(`{"a":${described([1], [4, 8])}}`, 8), "CHECKPOINT_OFFSETS", /must begin at 0/],
  [
    "a hole between",
    fileOf(`{"a":${described([1], [0, 4])},"b":${described([1], [8, 12])}}`, 12),
    "CHECKPOINT_OFFSETS",
    /tensor "b" .* must begin at 4/,
  ],
  [
    "tensors that overlap",
    fileOf(`{"a":${described([2], [0, 8])},"b":${described([2], [4, 12])}}`, 12),
    "CHECKPOINT_OFFSETS",
    /tensor "b" .* must begin at 8/,
  ],
  [
    "two tensors on the same bytes",
    fileOf(`{"a":${described([1], [0, 4])},"b":${described([1], [0, 4])}}`, 4),
    "CHECKPOINT_OFFSETS",
    /tensor "b" .* must begin at 4/,
  ],
];
for (const [what, bytes, code, message] of damaged) {
  test(`${what}: ${code}`, (t) => {
    t.throws(() => decodeSafetensors(bytes, "m.safetensors"), { code, message });
  });
}

test("a message names the file", (t) => {
  t.throws(() => decodeSafetensors(new Uint8Array(3), "m.safetensors"), {
    message: "CHECKPOINT_TRUNCATED: m.safetensors has 3 bytes; the header's length alone takes 8. Use a whole copy.",
  });
});

test("what cannot be written right is refused", (t) => {
  const data = Float32Array.of(1);
  t.throws(() => encode({ name: "a", shape: [2], data }), { code: "CHECKPOINT_SHAPE" });
  t.throws(() => encode({ name: "a", shape: [1], data }, { name: "a", shape: [1], data }), {
    code: "CHECKPOINT_DUPLICATE",
  });
  t.throws(() => encode({ name: "__metadata__", shape: [1], data }), { code: "CHECKPOINT_NAME" });
  t.throws(() => encode({ name: "__proto__", shape: [1], data }), { code: "CHECKPOINT_NAME" });
  t.throws(() => encode({ name: "\ud800", shape: [1], data }), { code: "CHECKPOINT_NAME" });
  t.throws(() => encode({ name: "a", shape: [-1, -1], data }), { code: "CHECKPOINT_SHAPE" });
  t.throws(() => encodeSafetensors({ tensors: [], metadata: { "convoy.sha256": "" } }), {
    code: "CHECKPOINT_METADATA",
  });
  t.throws(() => encodeSafetensors({ tensors: [], metadata: { a: "\udfff" } }), { code: "CHECKPOINT_METADATA" });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const metadata = { a: 1 } as never;
  t.throws(() => encodeSafetensors({ tensors: [], metadata }), { code: "CHECKPOINT_METADATA" });
});
