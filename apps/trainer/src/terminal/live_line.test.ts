import test from "ava";
import { FakeOutput } from "../../test/fake_environment.ts";
import { LiveLine } from "./live_line.ts";

test("hides the cursor while a line is live, and gives it back once", (t) => {
  const output = new FakeOutput();
  const live = new LiveLine(output);
  live.show("half");
  live.show("whole");
  live.close();
  live.close();
  t.is(output.text, "\x1b[?25l\r\x1b[Khalf\r\x1b[Kwhole\r\x1b[K\x1b[?25h");
});

test("prints lines above the live one", (t) => {
  const output = new FakeOutput();
  const live = new LiveLine(output);
  live.show("live");
  live.print("kept");
  live.show("live");
  t.is(output.text, "\x1b[?25l\r\x1b[Klive\r\x1b[Kkept\n\r\x1b[Klive");
});

test("writes no escape sequence when nothing was live", (t) => {
  const output = new FakeOutput();
  const live = new LiveLine(output);
  live.print("plain");
  live.close();
  t.is(output.text, "plain\n");
});
