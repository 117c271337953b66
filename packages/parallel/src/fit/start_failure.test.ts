import test from "ava";
import { startFailure } from "./start_failure.ts";

test("a thread for which there are no handles left needs other limits, whichever file it was about to open", (t) => {
  // Of the second, Node gives the code of a damaged package; of the third, none.
  for (const cause of [
    Object.assign(new Error("Worker initialization failure: EMFILE"), { code: "ERR_WORKER_INIT_FAILED" }),
    Object.assign(new Error("Cannot read package config /app/package.json: too many open files"), {
      code: "ERR_INVALID_PACKAGE_CONFIG",
    }),
    new Error("EMFILE: too many open files, open '/app/worker.js'"),
  ]) {
    t.regex(startFailure(cause).cure, /ulimit -n/, cause.message);
  }
  t.regex(startFailure(new Error("agent cannot start")).cure, /--import, --require/);
});
