import test from "ava";
import { decodeMetadata, encodeMetadata } from "./weights_metadata.ts";

test("gives back what it wrote", (t) => {
  const facts = { dataset: "own", publishedData: false, epochs: 2, seed: 1, testAccuracy: undefined };
  t.deepEqual(encodeMetadata(facts), { dataset: "own", publishedData: "false", epochs: "2", seed: "1" });
  t.deepEqual(decodeMetadata(encodeMetadata(facts)), { dataset: "own", isPublished: false });
  t.deepEqual(decodeMetadata({ dataset: "mnist" }), { dataset: "mnist", isPublished: true });
  t.deepEqual(decodeMetadata({}), { dataset: undefined, isPublished: true });
});
