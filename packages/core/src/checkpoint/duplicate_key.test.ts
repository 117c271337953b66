import test from "ava";
import { duplicateKey } from "./duplicate_key.ts";

const twice: [string, string][] = [
  ['{"a":1,"a":2}', "a"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"x":{"b":1,"c":{},"b":2}}', "b"],
  ['{"x":[{"b":1},{"c" : 1, "c"\n:2}]}', "c"],
  ['{"\\"":1,"\\"":2}', '"'],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
];
for (const [json, key] of twice) {
  test(`finds the key that comes twice in ${JSON.stringify(json)}`, (t) => {
    t.is(duplicateKey(json), key);
  });
}

const once = [
  "{}",
  '{"a":{"a":{"a":1}}}',
  '{"a":"a","b":"a"}',
  '[{"a":1},{"a":2}]',
  '{"a":["a","a"],"b":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a\\\\":1,"a":2}',
];
for (const json of once) {
  test(`finds none in ${JSON.stringify(json)}`, (t) => {
    JSON.parse(json);
    t.is(duplicateKey(json), undefined);
  });
}
