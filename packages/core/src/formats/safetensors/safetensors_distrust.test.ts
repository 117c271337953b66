import { spawnSync } from "node:child_process";
import process from "node:process";
import test from "ava";
import { encodeSafetensors } from "./encode_safetensors.ts";
import { decodeSafetensors } from "./safetensors.ts";

/** A file with this header and this many zero bytes of data. */
function fileOf(header: string, dataLength = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** A tensor of one value, or what these members make of it. */
function entry(members: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ dtype: '"F32"', shape: "[1]", data_offsets: "[0,4]", ...members });
  return `{${all.map(([key, value]) => `"${key}":${value}`).join(",")}}`;
}

const one = (members: Readonly<Record<string, string>>, name = "a") => fileOf(`{"${name}":${entry(members)}}`, 4);

const refused: [string, Uint8Array, string, RegExp][] = [
  ["no room for the header's length", new Uint8Array(7), "CHECKPOINT_TRUNCATED", /has 7 bytes/],
  ["a header of a byte more than 100 MB", lying(100_000_001n), "CHECKPOINT_HEADER", /100000000 are the most/],
  ["a header of 100 MB that is not there", lying(100_000_000n), "CHECKPOINT_TRUNCATED", /inside its header/],
  ["a header length of 2^63", lying(2n ** 63n), "CHECKPOINT_HEADER", /are the most/],
  [
    "half a byte",
    one({ dtype: '"F4"', data_offsets: "[0,0]" }),
    "CHECKPOINT_SHAPE",
    /\[1\] in F4 needs no whole number/,
  ],
  ["a type that is no text", one({ dtype: "32" }), "CHECKPOINT_DTYPE", /got 32/],
  ["a size with a fraction of zero", one({ shape: "[1.0]" }), "CHECKPOINT_SHAPE", /got \[1\.0/],
  ["a size with an exponent", one({ shape: "[1e0]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  ["a size of minus zero", one({ shape: "[-0]", data_offsets: "[0,0]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  ["a size with a leading zero", one({ shape: "[01]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  [
    "a size of 2^53 - 1 that is read as it is",
    one({ shape: "[9007199254740991]" }),
    "CHECKPOINT_SHAPE",
    /\[9007199254740991\] in/,
  ],
  ["a size of 2^53", one({ shape: "[9007199254740992]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  ["a size of 2^64 + 1", one({ shape: "[18446744073709551617]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  ["sizes whose product overflows to 1", one({ shape: "[4294967296,4294967296,1]" }), "CHECKPOINT_SHAPE", /any file/],
  [
    "sizes that overflow, times zero",
    one({ shape: "[9007199254740991,9007199254740991,0]", data_offsets: "[0,0]" }),
    "CHECKPOINT_SHAPE",
    /more than any file has/,
  ],
  ["65 dimensions", one({ shape: `[${Array(65).fill(1).join()}]` }), "CHECKPOINT_SHAPE", /at most 64/],
  ["a shape that is an object", one({ shape: "{}" }), "CHECKPOINT_SHAPE", /got \{/],
  ["a comma after the last size", one({ shape: "[1,]" }), "CHECKPOINT_SHAPE", /whole numbers/],
  ["three offsets", one({ data_offsets: "[0,4,8]" }), "CHECKPOINT_OFFSETS", /\[begin, end\]/],
  ["offsets that are text", one({ data_offsets: '["0","4"]' }), "CHECKPOINT_OFFSETS", /\[begin, end\]/],
  ["offsets of 2^64", one({ data_offsets: "[0,18446744073709551616]" }), "CHECKPOINT_OFFSETS", /\[begin, end\]/],
  ["offsets within a value", one({ shape: "[0]", data_offsets: "[1,1]" }), "CHECKPOINT_OFFSETS", /must begin at 0/],
  ["half a value", one({ data_offsets: "[0,2]" }), "CHECKPOINT_SHAPE", /gives tensor "a" 2 bytes/],
  ["no offsets", fileOf('{"a":{"dtype":"F32","shape":[1]}}', 4), "CHECKPOINT_OFFSETS", /no data_offsets/],
  ["a member that the format does not know", one({ strides: "[1]" }), "CHECKPOINT_HEADER", /"strides"/],
  ["data without a tensor", fileOf("{}", 4), "CHECKPOINT_OFFSETS", /4 bytes after its last tensor/],
  ["the name __proto__", one({}, "__proto__"), "CHECKPOINT_NAME", /"__proto__"/],
  ["the name __proto__ in disguise", one({}, "\\u005f_proto__"), "CHECKPOINT_NAME", /"__proto__"/],
  ["the name constructor", one({}, "constructor"), "CHECKPOINT_NAME", /"constructor"/],
  ["the member __proto__", one({ ["__proto__"]: '{"dtype":"F32"}' }), "CHECKPOINT_NAME", /"__proto__"/],
  ["the metadata __proto__", fileOf('{"__metadata__":{"__proto__":"x"}}'), "CHECKPOINT_NAME", /"__proto__"/],
  ["a duplicate in disguise", fileOf('{"__metadata__":{"a":"","\\u0061":""}}'), "CHECKPOINT_DUPLICATE", /"a" twice/],
  ["half a surrogate pair", fileOf('{"__metadata__":{"a":"\\ud800"}}'), "CHECKPOINT_METADATA", /a string/],
  ["a line break in a name", one({}, "a\nb"), "CHECKPOINT_HEADER", /not JSON/],
  ["an escape that JSON does not know", one({}, "\\x41"), "CHECKPOINT_HEADER", /not JSON/],
  ["a name without an end", fileOf('{"a'), "CHECKPOINT_HEADER", /not JSON/],
  ["a name that ends in a backslash", fileOf('{"a\\'), "CHECKPOINT_HEADER", /not JSON/],
  ["a second object behind the first", fileOf("{}{}"), "CHECKPOINT_HEADER", /the end of the header; got \{/],
  ["a comma before the brace", fileOf(`{"a":${entry()},}`, 4), "CHECKPOINT_HEADER", /not JSON/],
  ["no comma", fileOf('{"__metadata__":{"a":"" "b":""}}'), "CHECKPOINT_HEADER", /"," or "\}"/],
  ["a million arrays in one another", one({ shape: "[".repeat(1_000_000) }), "CHECKPOINT_SHAPE", /got \[\[\[/],
  ["a million objects in one another", fileOf('{"a":'.repeat(1_000_000)), "CHECKPOINT_HEADER", /does not know/],
];

function lying(headerLength: bigint): Uint8Array {
  const bytes = fileOf("{}");
  new DataView(bytes.buffer).setBigUint64(0, headerLength, true);
  return bytes;
}

for (const [what, bytes, code, message] of refused) {
  test(`refuses ${what}: ${code}`, (t) => {
    t.throws(() => decodeSafetensors(bytes, "m.safetensors"), { code, message });
  });
}

test("takes what the format allows: empty files, empty tensors anywhere, spaces, 64 dimensions", (t) => {
  t.deepEqual(decodeSafetensors(fileOf("{}")), { tensors: [], others: [], metadata: {}, verified: false });
  t.deepEqual(decodeSafetensors(fileOf('{"__metadata__":{"a":"b"}} \n\t\r')).metadata, { a: "b" });
  const empty = entry({ shape: "[2,0]", data_offsets: "[4,4]" });
  const deep = entry({ shape: `[${Array(64).fill(1).join()}]` });
  const { tensors } = decodeSafetensors(fileOf(`{ "b" : ${empty} , "a":${deep},"c":${empty}}`, 4));
  t.deepEqual(
    tensors.map(({ name, data }) => [name, data.length]),
    [
      ["a", 1],
      ["b", 0],
      ["c", 0],
    ],
  );
});

test("names tensors of types that are no weights, known or not, beside those that are, wherever they stand", (t) => {
  const before = entry({ dtype: '"BOOL"', shape: "[3]", data_offsets: "[0,3]" });
  const floats = entry({ shape: "[1]", data_offsets: "[3,7]" });
  const newer = entry({ dtype: '"F3_E1M1"', shape: "[8]", data_offsets: "[7,10]" });
  const read = decodeSafetensors(fileOf(`{"new":${newer},"w":${floats},"mask":${before}}`, 10));
  t.deepEqual(read.tensors, [{ name: "w", shape: [1], data: Float32Array.of(0) }]);
  t.deepEqual(read.others, [
    { name: "mask", dtype: "BOOL", shape: [3] },
    { name: "new", dtype: "F3_E1M1", shape: [8] },
  ]);
});

const foreign: [string, string, RegExp][] = [
  [
    "a zip archive",
    "504b030414000000080000000000",
    /It is a zip archive, as torch\.save writes\. Save its tensors with save_file/,
  ],
  ["a pickle", "80028a0a6cfc9c46f9206aa850192e", /It is a Python pickle\. /],
  ["an HDF5 file", "894844460d0a1a0a0000", /It is an HDF5 file, as Keras writes\. /],
  ["a NumPy array", "934e554d5059010076007b", /It is a NumPy array\. /],
  ["a gzip file", "1f8b0800000000000003", /It is a gzip file\. Unpack it/],
  [
    "a web page",
    Buffer.from("<!DOCTYPE html><title>404").toString("hex"),
    /It is a web page\. Download the file itself/,
  ],
  ["a pointer", Buffer.from("version https://git-lfs.github.com/spec/v1").toString("hex"), /"git lfs pull"/],
  ["a text", Buffer.from("just a text of someone").toString("hex"), /It is no safetensors file\.$/],
];
for (const [what, hex, says] of foreign) {
  test(`says of ${what} what it is, and what to do`, (t) => {
    const bytes = new Uint8Array(Buffer.from(hex, "hex"));
    t.throws(() => decodeSafetensors(bytes, "m"), { code: "CHECKPOINT_HEADER", message: says });
  });
}

test("a name comes back as it is: a byte order mark, escapes, names of what objects have", (t) => {
  for (const name of ["\uFEFFa", 'a/b\\"', "toString", "hasOwnProperty", "0", "", "\u007f"]) {
    const bytes = encodeSafetensors({ tensors: [{ name, shape: [], data: Float32Array.of(1) }] });
    t.is(decodeSafetensors(bytes).tensors[0].name, name);
  }
});

test("a message has no control character of a file's names, and is short", (t) => {
  const name = `\\u001b[2J\\u009b\\u202e${"x".repeat(100_000)}`;
  const error = t.throws(() => decodeSafetensors(one({ dtype: "16" }, name)), { code: "CHECKPOINT_DTYPE" });
  t.false(/\p{C}/u.test(error.message), error.message);
  t.true(error.message.length < 300);
});

test("a hundred thousand tensors are read, and each is compared with none but its neighbour", (t) => {
  const tensors = Array.from({ length: 100_000 }, (_, i) => {
    return { name: `layer_${i}/kernel`, shape: [1], data: Float32Array.of(i) };
  });
  const read = decodeSafetensors(encodeSafetensors({ tensors })).tensors;
  t.is(read.length, 100_000);
  t.true(read.every(({ name, data }, i) => name === `layer_${i}/kernel` && data[0] === i));
});

test("a header that JSON.parse would make twenty times as large is refused in a small heap", (t) => {
  const module = JSON.stringify(new URL("safetensors.ts", import.meta.url));
  const program = `import { decodeSafetensors } from ${module};
    const head = '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"more":[';
    const bytes = new Uint8Array(8 + 60e6).fill(0x20, 8);
    new DataView(bytes.buffer).setBigUint64(0, 60_000_000n, true);
    bytes.set(new TextEncoder().encode(head), 8);
    for (let at = 8 + head.length; at + 3 < bytes.length; at += 3) bytes.set([0x7b, 0x7d, 0x2c], at);
    try { decodeSafetensors(bytes); } catch (error) { process.exitCode = error.code === "CHECKPOINT_HEADER" ? 5 : 6; }`;
  const heap = ["--max-old-space-size=48", "--input-type=module", "-e", program];
  t.is(spawnSync(process.execPath, heap, { stdio: "ignore" }).status, 5);
});

test.serial("neither the values nor a lie of the header are allocated", (t) => {
  const bytes = encodeSafetensors({ tensors: [{ name: "a", shape: [2 ** 22], data: new Float32Array(2 ** 22) }] });
  const before = process.memoryUsage().arrayBuffers;
  const { tensors } = decodeSafetensors(bytes);
  const liar = one({ shape: "[1073741824]", data_offsets: "[0,4294967296]" });
  t.throws(() => decodeSafetensors(liar), { code: "CHECKPOINT_TRUNCATED" });
  t.true(process.memoryUsage().arrayBuffers - before < 2 ** 20);
  t.is(tensors[0].data.buffer, bytes.buffer);
});

const sealed = (metadata = {}) =>
  encodeSafetensors({ tensors: [{ name: "a", shape: [2], data: Float32Array.of(1, 2) }], metadata, sealed: true });

test("the digest of a file is the SHA-256 with zeros for its digits, as another program takes it", async (t) => {
  const bytes = sealed({ 1: "comes first in an object", note: "größer" });
  t.true(decodeSafetensors(bytes).verified);
  t.deepEqual(decodeSafetensors(bytes).metadata, { 1: "comes first in an object", note: "größer" });
  const text = Buffer.from(bytes).toString("latin1");
  const digits = /"convoy\.sha256":"([0-9a-f]{64})"/.exec(text)![1];
  const zeroed = Buffer.from(text.replace(digits, "0".repeat(64)), "latin1");
  t.is(Buffer.from(await crypto.subtle.digest("SHA-256", zeroed)).toString("hex"), digits);
});

test("each flipped bit of a file with a digest is found, and each cut", (t) => {
  const bytes = sealed();
  for (let i = 0; i < bytes.length * 8; i++) {
    const copy = bytes.slice();
    copy[i >> 3] ^= 1 << (i & 7);
    let verified = false;
    try {
      ({ verified } = decodeSafetensors(copy));
    } catch (error) {
      t.true(error instanceof Error && "code" in error, String(error));
    }
    // Damage to the key itself leaves a file that says no digest: it is not called verified.
    t.false(verified, `bit ${i}`);
  }
  for (let length = 0; length < bytes.length; length++) {
    t.throws(() => decodeSafetensors(bytes.subarray(0, length)), { code: "CHECKPOINT_TRUNCATED" });
  }
});

test("a digest that is wrong, too short, in capitals or written with escapes is refused", (t) => {
  const text = Buffer.from(sealed()).toString("latin1");
  const digits = /[0-9a-f]{64}/.exec(text)![0];
  const other = digits.replace(/^./, (first) => (first === "0" ? "1" : "0"));
  for (const written of [
    other,
    "0".repeat(64),
    digits.toUpperCase(),
    `${digits.slice(0, -6)}\\u0030`,
    " ".repeat(64),
  ]) {
    const bytes = new Uint8Array(Buffer.from(text.replace(digits, written), "latin1"));
    t.throws(() => decodeSafetensors(bytes, "m"), { code: "CHECKPOINT_DIGEST", message: /: m is damaged/ }, written);
  }
});
