import test from "ava";
import { FakeEnvironment } from "../test/fake_environment.ts";
import { UsageError } from "./errors.ts";
import { reportError } from "./report_error.ts";

test("a terminal does not obey what a stranger's file is called or holds", (t) => {
  const environment = new FakeEnvironment("/home/me");
  const error = new UsageError("CHECKPOINT_NAME", "a\u001b[2Jb\u009b1m\u202e größer 🐕\n  second line");
  t.is(reportError(error, { environment, json: false }), 2);
  t.is(environment.stderr.text, "CHECKPOINT_NAME: a\\u001b[2Jb\\u009b1m\\u202e größer 🐕 second line\n");
});
