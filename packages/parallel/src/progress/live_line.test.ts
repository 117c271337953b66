import test from "ava";
import { CollectedOutput } from "../../test/collected_output.ts";
import { Screen } from "../../test/screen.ts";
import { LiveLine } from "./live_line.ts";

test("hides the cursor while a line is live, and gives it back once", (t) => {
  const output = new CollectedOutput();
  const live = new LiveLine(output, true);
  live.show("half");
  live.show("whole");
  live.close();
  live.close();
  t.is(output.text, "\x1b[?25lhalf\r\r\x1b[Jwhole\r\r\x1b[J\x1b[?25h");
});

test("leaves the cursor alone where nobody would give it back", (t) => {
  const output = new CollectedOutput();
  const live = new LiveLine(output, false);
  live.show("half");
  live.close();
  t.false(output.text.includes("?25"));
});

test("prints lines above the live one", async (t) => {
  const screen = new Screen(40);
  const live = new LiveLine(screen, true);
  live.show("live");
  live.print("kept");
  live.show("live again");
  t.deepEqual(await screen.rows(), ["kept", "live again"]);
  live.close();
  t.deepEqual(await screen.rows(), ["kept"]);
});

for (const columns of [100, 79, 60, 41, 20, 10]) {
  test(`nothing of a line is left when a window of 80 columns gets ${columns}`, async (t) => {
    const screen = new Screen(80);
    const live = new LiveLine(screen, true);
    live.print("kept");
    live.show("━".repeat(79));
    await screen.resize(columns);
    live.show("now");
    t.deepEqual(await screen.rows(), ["kept", "now"]);
    live.show("then");
    live.print("kept too");
    await screen.resize(80);
    live.close();
    t.deepEqual(await screen.rows(), ["kept", "kept too"]);
  });
}

test("writes no escape sequence when nothing was live", (t) => {
  const output = new CollectedOutput();
  const live = new LiveLine(output, true);
  live.print("plain");
  live.close();
  t.is(output.text, "plain\n");
});
