import test from "ava";
import { parseAnswer, PeerError } from "./answer.ts";

const asked = { check: false, rates: true };
const good = {
  framework: "JAX",
  version: "0.10.2",
  setup: {},
  network: "fast",
  batchSize: 64,
  imagesPerSecond: [4, 5.5],
  loss: null,
};

test("an answer is read", (t) => {
  t.deepEqual(parseAnswer(JSON.stringify(good), asked), {
    framework: "JAX",
    version: "0.10.2",
    imagesPerSecond: [4, 5.5],
    loss: null,
  });
});

test("what a framework prints of its own is no answer", (t) => {
  for (const line of ["", "I0000 oneDNN is on", "3", "null", "[1]", '{"level":"info"}']) {
    t.is(parseAnswer(line, asked), undefined, line);
  }
});

test("a peer's own reason is passed on", (t) => {
  const line = JSON.stringify({ ...good, error: "NotImplementedError: batchNormalization" });
  t.throws(() => parseAnswer(line, asked), {
    instanceOf: PeerError,
    message: "NotImplementedError: batchNormalization",
  });
});

test("an answer without what was asked for is refused", (t) => {
  const refuse = (change: object, what = asked) =>
    t.throws(() => parseAnswer(JSON.stringify({ ...good, ...change }), what), { instanceOf: PeerError }).message;
  t.is(refuse({ imagesPerSecond: [] }), "it measured nothing");
  t.is(refuse({ imagesPerSecond: [3, 0] }), "imagesPerSecond is no list of positive numbers: [3,0]");
  t.is(refuse({ imagesPerSecond: "fast" }), 'imagesPerSecond is no list of positive numbers: "fast"');
  t.is(refuse({ loss: "low" }), 'the loss is no number: "low"');
  // JSON has no NaN: in Node it becomes null.
  t.is(refuse({ imagesPerSecond: [] }, { check: true, rates: false }), "the loss is not finite");
  t.regex(refuse({ version: 2 }), /without name/);
});

test("an answer with Python's NaN is refused, not waited for", (t) => {
  const line = JSON.stringify({ ...good, loss: 0 }).replace('"loss":0', '"loss":NaN');
  t.throws(() => parseAnswer(line, asked), { instanceOf: PeerError, message: `its answer is no JSON: ${line}` });
});
