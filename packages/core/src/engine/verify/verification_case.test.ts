import test from "ava";
import { buildNetwork } from "../../network/build_network.ts";
import { seedCnn } from "../../model/networks/seed_cnn.ts";
import { relativeDistance } from "./reference/closeness.ts";
import { referenceGradient, referenceLogits } from "./reference/network.ts";
import { verificationCase } from "./verification_case.ts";
import { verifiedNetworks } from "./verified_networks.ts";

for (const different of [1, 2, 9]) {
  test(`expects of ${different} images, some several times, what the whole minibatch comes to`, (t) => {
    // One with dropout, whose masks depend on the image.
    const model = verifiedNetworks["padded"];
    const { weights, part, images, expected } = verificationCase(model, different);
    t.is(new Set(part.order).size, different);
    const { words, labels, shape } = part.store;
    const size = shape[0] * shape[1] * shape[2];
    const bytes = new Uint8Array(words.buffer);
    const stride = bytes.length / images;
    const pixels = Array.from(part.order, (image) =>
      Array.from(bytes.subarray(image * stride, image * stride + size), (byte) => (byte / 255 - 0.5) / 0.5),
    ).flat();
    const minibatch = referenceGradient(model, weights, {
      images: Float64Array.from(pixels),
      labels: Array.from(part.order, (image) => labels[image]),
      sampleIndices: part.order,
      minibatchSize: images,
      seed: part.seed,
      step: part.step,
    });
    const { gradient, loss, correct } = expected.training!;
    t.true(relativeDistance(gradient, minibatch.gradient) < 1e-12);
    t.true(Math.abs(loss - minibatch.loss) < 1e-12);
    t.is(correct, minibatch.correct);
    const own = Float64Array.from(pixels.slice(0, size));
    const { classes } = buildNetwork(model);
    const logits = expected.logits.subarray(part.order[0] * classes, (part.order[0] + 1) * classes);
    t.deepEqual(logits, referenceLogits(model, weights, own));
  });
}

test("says what close decisions would change in the gradient, and where", (t) => {
  const model = seedCnn();
  const { kinks, expected } = verificationCase(model.toJSON());
  t.true(kinks.length > 0);
  const { doubt } = expected.training!;
  const changed = model.parameters.filter(({ offset, size }) =>
    doubt.subarray(offset, offset + size).some((d) => d !== 0),
  );
  // Nothing that lies behind the last layer with such a decision.
  const last = Math.max(...kinks.map(({ layer }) => layer));
  const before = new Set(
    model.layers.slice(0, last + 1).flatMap(({ parameters }) => parameters.map(({ name }) => name)),
  );
  t.true(changed.length > 0);
  for (const { name } of changed) t.true(before.has(name), name);
});

test("expects the prediction alone when it is to work out no training step", (t) => {
  const { expected } = verificationCase(seedCnn().toJSON(), 1, false);
  t.is(expected.training, undefined);
  t.is(expected.logits.length, 90);
});
