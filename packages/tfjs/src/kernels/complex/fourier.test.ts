import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

/** The sum that defines the transform, in float64. Pairs in, pairs out. */
function fourierReference(x: ArrayLike<number>, rows: number, length: number, sign: 1 | -1): Float64Array {
  const y = new Float64Array(x.length);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < length; k++) {
      const at = (row * length + k) * 2;
      for (let n = 0; n < length; n++) {
        const angle = (sign * 2 * Math.PI * ((k * n) % length)) / length;
        const from = (row * length + n) * 2;
        y[at] += x[from] * Math.cos(angle) - x[from + 1] * Math.sin(angle);
        y[at + 1] += x[from] * Math.sin(angle) + x[from + 1] * Math.cos(angle);
      }
    }
  }
  return y;
}

function fromPairs(pairs: ArrayLike<number>, shape: number[]): Tensor {
  const part = (offset: number): Float32Array =>
    Float32Array.from({ length: pairs.length / 2 }, (_, i) => pairs[i * 2 + offset]);
  return tf.complex(tf.tensor(part(0), shape), tf.tensor(part(1), shape));
}

test("a transform of any length, and its inverse, are the sums that define them", (t) => {
  const draw = new Draw(1);
  for (const length of [...Array.from({ length: 40 }, (_, i) => i + 1), 64, 97, 100, 127, 128, 360, 509, 512]) {
    const x = Float32Array.from(draw.floats(2 * length * 2));
    tf.tidy(() => {
      const input = fromPairs(x, [2, length]);
      const forward = relativeDistance(tf.fft(input).dataSync(), fourierReference(x, 2, length, -1));
      const scaled = fourierReference(x, 2, length, 1).map((value) => value / length);
      const backward = relativeDistance(tf.ifft(input).dataSync(), scaled);
      // Computed in 64 bits, the result is as good as its rounding to 32.
      t.true(forward < 6e-8 && backward < 6e-8, `${length}: ${forward}, ${backward}`);
    });
  }
});

test("a wave has one frequency, in long rows of prime length too", (t) => {
  const length = 65537;
  const wave = Float32Array.from({ length: length * 2 }, (_, i) => {
    const angle = (2 * Math.PI * 5 * Math.floor(i / 2)) / length;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
  tf.tidy(() => {
    const magnitude = tf.abs(tf.fft(fromPairs(wave, [length]))).dataSync();
    t.true(Math.abs(magnitude[5] - length) < 0.01, String(magnitude[5]));
    t.true(magnitude.every((value, k) => k === 5 || value < 0.01));
  });
});

test("an outer product of shapes keeps its rows apart, and nothing transforms to nothing", (t) => {
  tf.tidy(() => {
    // Impulses: row r has one at r, so its transform is e^(-2πi·k·r / 4).
    const impulses = tf.reshape(tf.cast(tf.eye(4), "complex64"), [2, 2, 4]);
    const y = tf.fft(impulses);
    t.deepEqual(y.shape, [2, 2, 4]);
    const rounded = [...y.dataSync()].map((value) => Math.round(value) + 0);
    t.deepEqual(rounded.slice(0, 8), [1, 0, 1, 0, 1, 0, 1, 0]);
    t.deepEqual(rounded.slice(8, 16), [1, 0, 0, -1, -1, 0, 0, 1]);
    const empty = tf.fft(tf.complex(tf.zeros([0, 4]), tf.zeros([0, 4])));
    t.deepEqual([empty.shape, [...empty.dataSync()]], [[0, 4], []]);
  });
});

test("rfft and irfft of real signals undo each other, and hold the known spectrum of a step", (t) => {
  tf.tidy(() => {
    // 1 + e^(-2πik/4) for k = 0, 1, 2: 2, 1 - i, 0.
    t.deepEqual(
      [...tf.spectral.rfft(tf.tensor1d([1, 1, 0, 0])).dataSync()].map((value) => Math.round(value * 1e6) / 1e6 + 0),
      [2, 0, 1, -1, 0, 0],
    );
    const signal = Float32Array.from(new Draw(2).floats(3 * 24));
    const back = tf.spectral.irfft(tf.spectral.rfft(tf.tensor2d(signal, [3, 24])));
    t.deepEqual(back.shape, [3, 24]);
    t.true(relativeDistance(back.dataSync(), signal) < 1e-6);
  });
});
