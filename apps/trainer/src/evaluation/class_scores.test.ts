import test from "ava";
import { mostLikely, scoreClasses } from "./class_scores.ts";

test("counts right answers and the commonest mistake of each class", (t) => {
  // Answers: cat, dog, dog, dog, dog; truth: cat, cat, cat, dog, dog. There is no bird.
  const probabilities = Float32Array.of(0.8, 0.2, 0, 0.4, 0.6, 0, 0.1, 0.9, 0, 0, 1, 0, 0.3, 0.4, 0.3);
  t.deepEqual(scoreClasses(probabilities, [0, 0, 0, 1, 1], ["cat", "dog", "bird"]), [
    { name: "cat", correct: 1, total: 3, accuracy: 1 / 3, mistakenFor: { name: "dog", count: 2 } },
    { name: "dog", correct: 2, total: 2, accuracy: 1, mistakenFor: undefined },
    { name: "bird", correct: 0, total: 0, accuracy: undefined, mistakenFor: undefined },
  ]);
});

test("takes the first of equal probabilities", (t) => {
  t.is(mostLikely([0.2, 0.4, 0.4]), 1);
});
