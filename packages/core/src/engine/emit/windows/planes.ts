import type { Code, Local } from "../module/code.ts";
import { loadVector, storeFloats, storeRow, zero } from "../tiles/simd.ts";
import { turn } from "./turn.ts";

/** Values window by window, [row][window][channel], and channel by channel, each row in whole registers. Strides are bytes. */
export interface Planes {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly gradientRowStep: number;
  readonly gradientColumnStep: number;
  /** Windows in a register, registers in a row. */
  readonly lanes: number;
  readonly count: number;
  /** Windows by which a row's last register begins early: they count in the one before, and are zero in the last. */
  readonly early: number;
  readonly rowBytes: number;
  readonly channelStep: number;
}

/** target[k, row, window] = source[row, window, k] of one image. Reads up to three floats behind the last pixel. */
export function emitPlanes(code: Code, planes: Planes, source: Local, target: Local): void {
  const { rows, columns, lanes, count, early, rowBytes, gradientRowStep, gradientColumnStep } = planes;
  const [from, to] = [code.local("i32"), code.local("i32")];
  const whole = (count - 1) * lanes;
  const last = columns - whole;
  // The last windows come in fours that end with the row; those before the last register become zero at the end.
  const groups = Math.ceil(last / 4);
  const again = groups * 4 - last;
  code.advance(from, source, 0).advance(to, target, 0);
  const turnFours = (times: number): void => {
    code.repeat(times, () => {
      emitFour(code, planes, from, to);
      code.advance(from, from, 4 * gradientColumnStep).advance(to, to, 16);
    });
  };
  code.repeat(rows, () => {
    turnFours(whole / 4);
    code.advance(from, from, -again * gradientColumnStep).advance(to, to, (early - again) * 4);
    turnFours(groups);
    code.advance(from, from, gradientRowStep - columns * gradientColumnStep).advance(to, to, -lanes * 4);
    emitZeros(code, planes, to);
    code.advance(to, to, rowBytes - whole * 4);
  });
  code.release("i32", from, to);
}

/** Four windows, four channels at a time. */
function emitFour(code: Code, { channels, channelStep, gradientColumnStep }: Planes, from: Local, to: Local): void {
  const vectors = Array.from({ length: 4 }, () => code.local("v128"));
  for (let first = 0; first < channels; first += 4) {
    for (const [x, vector] of vectors.entries()) loadVector(code, vector, from, x * gradientColumnStep + first * 4);
    turn(code, vectors, 4);
    for (const [k, vector] of vectors.slice(0, channels - first).entries()) {
      storeRow(code, to, (first + k) * channelStep, [vector]);
    }
  }
  code.release("v128", ...vectors);
}

/** The lanes of a row's last register that count in the one before. */
function emitZeros(code: Code, { channels, channelStep, early }: Planes, to: Local): void {
  if (early === 0) return;
  const row = Array.from({ length: Math.ceil(early / 4) }, () => code.local("v128"));
  zero(code, row);
  for (let k = 0; k < channels; k++) storeFloats(code, to, k * channelStep, row, early);
  code.release("v128", ...row);
}
