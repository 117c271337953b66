import test from "ava";
import { networks, seedCnn } from "@convoy/core";
import { compareNetwork } from "@convoy/core/test/compare_network";
import { compareRandomNetworks } from "@convoy/core/test/compare_random_networks";
import { mnistImages } from "@convoy/core/test/mnist_images";
import { blobs, caseOf } from "@convoy/core/test/network_case";
import { tiedNetwork } from "@convoy/core/test/tied_network";
import { bothEngines } from "./engines.ts";

test("the tape's gradient of the seed network is the reference's on blobs, in four shards", async (t) => {
  const network = caseOf(seedCnn(), blobs(64), [16, 16, 16, 16]);
  const { problems, followed, cancelled } = await compareNetwork(network, bothEngines);
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
  t.true(followed <= 4, `${followed} kinks`);
});

test("the tape's gradient of the seed network is the reference's on digits, in uneven and empty shards", async (t) => {
  const network = caseOf(seedCnn({ seed: 3 }), mnistImages("train", 40), [7, 0, 9, 5]);
  const { problems, followed, cancelled } = await compareNetwork(network, bothEngines);
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
  t.true(followed <= 4, `${followed} kinks`);
});

for (const [name, create] of Object.entries(networks)) {
  test(`the tape's gradient of the ready-made network ${name} is the reference's`, async (t) => {
    const { problems, followed, cancelled } = await compareNetwork(caseOf(create(), blobs(4), [3, 1]), bothEngines);
    t.deepEqual(problems, []);
    t.is(cancelled, 0);
    t.true(followed <= 2, `${followed} kinks`);
  });
}

test("the tape's gradients of sixty random networks are the reference's", async (t) => {
  const sum = await compareRandomNetworks(t, 0, 60, undefined, bothEngines);
  t.true(sum.followed <= 4, `${sum.followed} kinks`);
  t.true(sum.cancelled <= 4, `${sum.cancelled} tensors cancel`);
});

test("of equal cells the first gets the tape's gradient, and at zero a relu is shut", async (t) => {
  let compared = 0;
  for (let seed = 0; compared < 30; seed++) {
    const network = tiedNetwork(seed);
    if (network === undefined) continue;
    compared++;
    const { problems, followed, cancelled } = await compareNetwork(network, bothEngines);
    t.deepEqual(problems, [], `network ${seed}: ${JSON.stringify(network.model)}`);
    t.is(followed + cancelled, 0);
  }
});
