import test from "ava";
import { FakeOutput } from "../../test/fake_environment.ts";
import { CheckDisplay } from "./check_display.ts";
import { parseParts, partsLine } from "./parts.ts";
import { machineQuestion } from "./question.ts";

test("a terminal sees a spinner with the parts, and then nothing of it", async (t) => {
  const output = new FakeOutput();
  Object.assign(output, { isTerminal: true, columns: 60 });
  const display = new CheckDisplay(output);
  display.begin(machineQuestion());
  display.part({ done: 2, parts: 7 });
  display.part({ done: 3, parts: 7 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  display.end();
  t.true(output.text.includes("⠋ Checking wide kernels (once for this machine)\r"));
  t.regex(output.text, /[⠙⠹⠸] Checking wide kernels, part 4 of 7 \(once for this machin/);
  t.true(output.text.endsWith("\r\u001b[J\u001b[?25h"));
  t.true(output.text.split("\r").every((line) => line.length < 70));
});

test("elsewhere it is one line", (t) => {
  const output = new FakeOutput();
  const display = new CheckDisplay(output);
  display.begin(machineQuestion());
  display.part({ done: 3, parts: 7 });
  display.end();
  t.deepEqual(output.lines, [
    "Checking, once for this machine, whether its wide kernels compute rightly; it takes seconds.",
  ]);
});

test("what a process says of its parts is read, and nothing else", (t) => {
  t.deepEqual(parseParts(partsLine(3, 7).trim()), { done: 3, parts: 7 });
  for (const line of [
    "",
    "{}",
    '{"done":1}',
    '{"done":-1,"parts":2}',
    '{"differences":[]}',
    '{"done":1e9,"parts":2}',
  ]) {
    t.is(parseParts(line), undefined, line);
  }
});
