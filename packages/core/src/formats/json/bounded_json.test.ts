import test from "ava";
import { parseBoundedJson } from "./bounded_json.ts";

test("reads what JSON.parse reads, whatever stands in its texts", (t) => {
  for (const value of [null, 1, "[[[,,,", '"\\', { a: ["\\", '\\"[', { "{": [] }] }, [[], {}, "", -0.5e3]]) {
    const text = JSON.stringify(value);
    t.deepEqual(parseBoundedJson(text, 20), value, text);
    t.deepEqual(parseBoundedJson(JSON.stringify(value, undefined, 2), 20), value);
  }
});

test("counts elements, members, arrays and objects, and refuses one too many before anything is made of them", (t) => {
  t.deepEqual(parseBoundedJson("[1,2,3]", 4), [1, 2, 3]);
  t.throws(() => parseBoundedJson("[1,2,3]", 3), { instanceOf: SyntaxError, message: /more than 3 values/ });
  t.throws(() => parseBoundedJson('{"a":[],"b":{}}', 4), { instanceOf: SyntaxError });
  t.throws(() => parseBoundedJson(`[${"[],".repeat(1e6)}[]]`, 1000), { instanceOf: SyntaxError });
});

test("refuses what nests too deeply, and what is no JSON", (t) => {
  t.notThrows(() => parseBoundedJson("[".repeat(32) + "]".repeat(32), 100));
  t.throws(() => parseBoundedJson("[".repeat(33) + "]".repeat(33), 100), { message: /nests more than 32/ });
  for (const text of ["", '"', '"\\', "[", "]]]", "{a:1}", "1,2"]) {
    t.throws(() => parseBoundedJson(text, 100), { instanceOf: SyntaxError }, text);
  }
});
