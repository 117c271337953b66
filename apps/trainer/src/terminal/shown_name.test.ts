import test from "ava";
import { shownName } from "./shown_name.ts";

test("shows what a terminal would obey, and both ends of what is too long", (t) => {
  t.is(shownName("runs/größer 🐕"), "runs/größer 🐕");
  t.is(
    shownName("a\u001b[2J\u007f\u009b\u202e\u200b\u2028\n"),
    "a\\u001b[2J\\u007f\\u009b\\u202e\\u200b\\u2028\\u000a",
  );
  const long = `${"a".repeat(300)}/run/final.safetensors`;
  t.is(shownName(long).length, 240);
  t.regex(shownName(long), /^a{100}\.\.\.a+\/run\/final\.safetensors$/);
});
