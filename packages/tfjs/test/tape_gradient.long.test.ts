import test from "ava";
import { compareRandomNetworks } from "@convoy/core/test/compare_random_networks";
import { bothEngines } from "./engines.ts";

test("the tape's gradients of three hundred random networks are the reference's", async (t) => {
  const sum = await compareRandomNetworks(t, 1000, 1300, undefined, bothEngines);
  t.true(sum.followed <= 20, `${sum.followed} kinks`);
  t.true(sum.cancelled <= 20, `${sum.cancelled} tensors cancel`);
});
