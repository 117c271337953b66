import test from "ava";
import { restoreLayer } from "./layers.ts";

for (const value of [null, undefined, 3, "relu", {}, { kind: "toString" }, { kind: "lstm" }, { kind: ["relu"] }]) {
  test(`refuses ${JSON.stringify(value)} as a layer`, (t) => {
    t.throws(() => restoreLayer(value), { code: "LAYER_KIND", message: /must be one of conv2d, maxPool2d/ });
  });
}

test("checks the options as the constructor does", (t) => {
  t.throws(() => restoreLayer({ kind: "dense", units: 0 }), { code: "LAYER_OPTION" });
  t.throws(() => restoreLayer({ kind: "relu", slope: 0.1 }), { code: "LAYER_OPTION" });
});
