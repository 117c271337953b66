import test from "ava";
import { compareRandomNetworks } from "./compare_random_networks.ts";

test("the gradients of three hundred random networks are the reference's", async (t) => {
  const sum = await compareRandomNetworks(t, 1000, 1300);
  t.true(sum.followed <= 30, `${sum.followed} kinks`);
  t.true(sum.cancelled <= 30, `${sum.cancelled} tensors cancel`);
  t.true(sum.zeroTensors / sum.tensors < 0.08, `${sum.zeroTensors} of ${sum.tensors} tensors have no gradient`);
});

test("the gradients of a hundred and fifty larger networks are the reference's", async (t) => {
  const sum = await compareRandomNetworks(t, 2000, 2150, 28);
  t.true(sum.followed <= 20, `${sum.followed} kinks`);
  t.true(sum.cancelled <= 15, `${sum.cancelled} tensors cancel`);
  t.true(sum.zeroTensors / sum.tensors < 0.08, `${sum.zeroTensors} of ${sum.tensors} tensors have no gradient`);
});
