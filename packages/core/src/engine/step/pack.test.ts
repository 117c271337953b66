import test from "ava";
import { startBackend } from "../backend/start.ts";
import type { StepKernels } from "./step_kernels.ts";

const backend = await startBackend();
const { memory } = backend;
// The exports of assembly/step, which the interface repeats.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const kernels = backend.kernels as unknown as StepKernels;

const room = 8192;
const source = backend.malloc(room * 4);
const target = backend.malloc(room * 4);
const untouched = -1;

/** Weights at `source`: each its own number. Everything at `target` is `untouched`. */
function fill(count: number): Float32Array {
  const weights = new Float32Array(memory.buffer, source, count);
  for (let i = 0; i < count; i++) weights[i] = i + 1;
  new Float32Array(memory.buffer, target, room).fill(untouched);
  return weights;
}

/** Channels of each panel: what is left after whole ones goes into one of 4 or 8, if it fits. */
function* panels(channels: number, lanes: number): Generator<{ channel: number; width: number }> {
  for (let channel = 0; channel < channels;) {
    const left = channels - channel;
    const width = left > 8 || left >= lanes ? lanes : left > 4 ? 8 : 4;
    yield { channel, width };
    channel += width;
  }
}

/** [panel][row][lane], `rows` rows a panel; `weight` is not asked for channels that do not exist: they are zero. */
function packed(channels: number, lanes: number, rows: number, weight: (row: number, channel: number) => number) {
  const result: number[] = [];
  for (const { channel, width } of panels(channels, lanes)) {
    for (let row = 0; row < rows; row++) {
      for (let k = channel; k < channel + width; k++) result.push(k < channels ? weight(row, k) : 0);
    }
  }
  return result;
}

/** The same where only rows `first` to first + inner - 1 are written; those of others keep what they had in all lanes. */
function insidePanels(
  channels: number,
  lanes: number,
  rows: number,
  first: number,
  inner: number,
  weight: (row: number, channel: number) => number,
): number[] {
  const inside = (row: number): boolean => row >= first && row < first + inner;
  const all = packed(channels, lanes, rows, (row, k) => (inside(row) ? weight(row - first, k) : untouched));
  let at = 0;
  for (const { width } of panels(channels, lanes)) {
    for (let row = 0; row < rows; row++, at += width) if (!inside(row)) all.fill(untouched, at, at + width);
  }
  return all;
}

function written(count: number): number[] {
  const values = new Float32Array(memory.buffer, target, room);
  return [...values.subarray(0, count), ...values.subarray(count).filter((value) => value !== untouched)];
}

for (const lanes of [8, 16]) {
  test(`weights go into panels of ${lanes} channels, whatever their number`, (t) => {
    for (let channels = 1; channels <= 37; channels++) {
      for (const inner of [1, 2, 5, 9]) {
        const weights = fill(inner * channels);
        const expected = packed(channels, lanes, inner, (row, k) => weights[row * channels + k]);
        kernels.packPanels(source, inner, channels, lanes, target, 0, inner);
        t.deepEqual(written(expected.length), expected, `${inner} × ${channels}`);
      }
    }
  });

  test(`some weights go into their rows of panels of ${lanes} channels, and into no others`, (t) => {
    for (let channels = 1; channels <= 37; channels++) {
      for (const inner of [1, 3, 4]) {
        const weights = fill(inner * channels);
        const [first, rows] = [2, inner + 3];
        const all = insidePanels(channels, lanes, rows, first, inner, (row, k) => weights[row * channels + k]);
        kernels.packPanels(source, inner, channels, lanes, target, first, rows);
        t.deepEqual(written(all.length), all, `${inner} × ${channels}`);
      }
    }
  });

  test(`the transpose goes into some rows of panels of ${lanes} channels, and into no others`, (t) => {
    for (let channels = 1; channels <= 37; channels++) {
      for (const inner of [1, 2, 3, 4, 7, 12]) {
        const weights = fill(inner * channels);
        const [first, rows] = [2, inner + 3];
        const all = insidePanels(channels, lanes, rows, first, inner, (row, k) => weights[k * inner + row]);
        kernels.packPanelsTransposed(source, channels, inner, lanes, target, first, rows);
        t.deepEqual([...new Float32Array(memory.buffer, target, all.length)], all, `${channels} × ${inner}`);
      }
    }
  });

  test(`rows of panels of ${lanes} channels go into panels of their transpose`, (t) => {
    const panelled = backend.malloc(room * 4);
    for (let channels = 1; channels <= 37; channels++) {
      for (const [inner, first, count] of [
        [1, 0, 1],
        [19, 0, 19],
        [40, 16, 16],
        [40, 32, 8],
        [40, 37, 3],
      ]) {
        const weights = fill(inner * channels);
        kernels.packPanels(source, inner, channels, lanes, panelled, 0, inner);
        kernels.transposePanels(panelled, inner, channels, lanes, first, count, target);
        const expected = packed(count, lanes, channels, (row, k) => weights[(first + k) * channels + row]);
        t.deepEqual(written(expected.length), expected, `${inner} × ${channels} from ${first}`);
      }
    }
    backend.free(panelled);
  });
}
