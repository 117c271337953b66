import test from "ava";
import { streamOutput, type TextStream } from "./output.ts";

function output(terminal: Partial<TextStream>, variables: NodeJS.ProcessEnv = {}, depth = 24) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), getColorDepth: () => depth, destroyed: false };
  return { written, output: streamOutput({ ...stream, ...terminal }, variables) };
}

test("is a terminal with its width and colors", (t) => {
  const { output: terminal } = output({ isTTY: true, columns: 132 }, { TERM: "xterm" });
  t.like(terminal, { isTerminal: true, columns: 132, colorDepth: 24 });
});

test("is plain when it is piped, and on a terminal that can do nothing", (t) => {
  t.like(output({}).output, { isTerminal: false, columns: 80, colorDepth: 1 });
  t.like(output({ isTTY: true, columns: 40 }, { TERM: "dumb" }).output, { isTerminal: false, colorDepth: 1 });
});

test("is plain under continuous integration, also where that brings a terminal", (t) => {
  for (const CI of ["true", "1", "woodpecker"]) {
    t.like(output({ isTTY: true, columns: 120 }, { TERM: "xterm", CI }).output, { isTerminal: false, colorDepth: 1 });
  }
  for (const CI of ["", "0", "false"]) t.true(output({ isTTY: true }, { CI }).output.isTerminal);
});

test("takes a terminal without a width for 80 columns", (t) => {
  t.is(output({ isTTY: true, columns: 0 }).output.columns, 80);
});

test("believes a terminal that says 256 colors, but not over NO_COLOR", (t) => {
  t.is(output({ isTTY: true }, { TERM: "screen-256color" }, 4).output.colorDepth, 8);
  t.is(output({ isTTY: true }, { TERM: "screen-256color" }, 1).output.colorDepth, 1);
  t.is(output({ isTTY: true }, { TERM: "screen" }, 4).output.colorDepth, 4);
});

test("drops text when the stream is gone", (t) => {
  const { output: gone, written } = output({ destroyed: true });
  gone.write("late");
  t.deepEqual(written, []);
});
