import test from "ava";
import { replaced } from "../../test/replaced_predictor.ts";

for (const kind of ["throw", "hang"] as const) {
  test.serial(`a thread that is to ${kind} is replaced, and changes no bit`, (t) => replaced(t, kind));
}
