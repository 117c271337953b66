import { hostname } from "node:os";
import fc from "fast-check";
import { noDigest, ownDigest } from "../../../packages/core/src/formats/files/file_digest.ts";
import { array, hostileNumber, hostileText, hostileValue, type JsonText, object, text } from "./json.ts";

const digits = text("0123456789abcdef".repeat(4));
const count: JsonText = fc.oneof(
  { weight: 5, arbitrary: fc.nat(20).map(String) },
  { weight: 1, arbitrary: hostileNumber },
);
const record = object({
  convoy: text("0.1.0"),
  settings: object({ seed: count, a: hostileValue }),
  machine: object({ node: hostileText }),
  epochs: count,
  steps: count,
  weightsSha256: digits,
  result: hostileValue,
});

/** `run.json`, with the digest that it has to have. */
export const runFile: fc.Arbitrary<Uint8Array> = fc.tuple(record, fc.boolean()).map(([members, isOurForm]) => {
  const sealed = `{\n  "sha256": "${noDigest}",\n  ${members.slice(1)}`;
  const bytes = Buffer.from(`${isOurForm ? written(sealed) : sealed}\n`);
  bytes.write(ownDigest(bytes, 15), 15, "latin1");
  return bytes;
});

/** As we would write it, where it can be read at all. */
function written(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

const event: JsonText = fc.oneof(
  object({ event: text("step"), epoch: count, step: count, loss: hostileNumber }),
  object({ event: fc.constantFrom('"epoch"', '"evaluation"', '"checkpoint"', '"start"'), epoch: count, step: count }),
  hostileValue,
);

/** `metrics.jsonl`, also of a process that was killed. */
export const metrics: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(event, { maxLength: 12 }), fc.constantFrom("\n", "\n", "\r\n", "\n\n", ""), fc.nat(3))
  .map(([events, newline, torn]) => {
    const bytes = Buffer.from(`${events.join(newline)}${newline}`);
    return bytes.subarray(0, Math.max(bytes.length - torn, 0));
  });

/** A lock of a process that may be there. */
export const lock: fc.Arbitrary<Uint8Array> = object({
  machine: fc.oneof(text(hostname()), hostileText),
  boot: hostileText,
  pid: fc.oneof(fc.constantFrom("1", "999999999"), hostileNumber),
  started: hostileText,
  pidNamespace: hostileText,
}).map((json) => Buffer.from(json));

/** A verdict that is kept for the key of the reader. */
export const verdict: fc.Arbitrary<Uint8Array> = object({
  key: text("").map(() => '{"node":"","v8":"","platform":"","arch":"","processor":"","kernels":""}'),
  verdict: object({ wide: fc.constantFrom("true", "false"), reason: hostileText, more: array(hostileValue) }),
}).map((json) => Buffer.from(json));
