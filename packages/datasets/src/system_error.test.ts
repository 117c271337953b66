import test from "ava";
import { cureOf } from "./system_error.ts";

test("permissions are no cure where the process may open no more files", (t) => {
  t.is(cureOf({ code: "EACCES" }), "Check its permissions.");
  t.regex(cureOf({ code: "EMFILE" }), /ulimit -n/);
});
