import test from "ava";
import { restoreOptimizer } from "./optimizers.ts";

test("what is no optimizer is refused", (t) => {
  for (const value of [undefined, null, 1, "sgd", {}, { kind: "rmsprop" }, { kind: "toString" }, [{ kind: "sgd" }]]) {
    t.throws(() => restoreOptimizer(value), { code: "OPTIMIZER_KIND", message: /must be sgd or adam/ });
  }
});

test("an optimizer with an impossible option is refused", (t) => {
  t.throws(() => restoreOptimizer({ kind: "sgd", momentum: 2 }), { code: "OPTIMIZER_OPTION" });
});

test("what was left out gets its default", (t) => {
  t.like(restoreOptimizer({ kind: "sgd", learningRate: 0.5 }), { learningRate: 0.5, momentum: 0, nesterov: false });
});
