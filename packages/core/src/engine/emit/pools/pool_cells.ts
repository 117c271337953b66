import type { Code, Local } from "../module/code.ts";
import type { PoolShape } from "./pool_shape.ts";
import { op, splatFloat, splatInteger } from "../tiles/simd.ts";

/** A number that is known, or a variable that holds it. */
export type Count = { readonly constant: number } | { readonly local: Local };

/** A window's next channels: addresses of its first real cell, of its output and of its winners. */
export interface PoolPart {
  readonly rows: Count;
  readonly columns: Count;
  readonly input: Local;
  readonly output: Local;
  readonly winners: Local;
  readonly channels: number;
  /** Vectors that hold so many channels. */
  readonly vectors: number;
}

/** A cell of a window: it lies `offset` bytes behind `base`. */
export interface PoolCell {
  readonly base: Local;
  readonly offset: number;
}

/** Cells that are written out one by one, without a loop around them. */
const unrolled = 16;

/** Calls `emit` for the cells of a window in their order. */
export function emitCells(code: Code, shape: PoolShape, part: PoolPart, emit: (cell: PoolCell) => void): void {
  const { rows, columns, input } = part;
  const pixel = shape.channels * 4;
  if ("constant" in rows && "constant" in columns && rows.constant * columns.constant <= unrolled) {
    for (let r = 0; r < rows.constant; r++) {
      for (let s = 0; s < columns.constant; s++) emit({ base: input, offset: r * shape.inputRowStride + s * pixel });
    }
    return;
  }
  const [row, base] = [code.local("i32"), code.local("i32")];
  code.advance(row, input, 0);
  repeat(code, rows, () => {
    code.advance(base, row, 0);
    repeat(code, columns, () => {
      emit({ base, offset: 0 });
      code.advance(base, base, pixel);
    });
    code.advance(row, row, shape.inputRowStride);
  });
  code.release("i32", row, base);
}

function repeat(code: Code, times: Count, body: () => void): void {
  if ("constant" in times) {
    code.repeat(times.constant, body);
    return;
  }
  const counter = code.local("i32");
  code.advance(counter, times.local, 0).countDown(counter, body);
  code.release("i32", counter);
}

/** target = the number of the window's cells, in all lanes. */
export function splatCellCount(code: Code, target: Local, { rows, columns }: PoolPart): void {
  for (const count of [rows, columns]) {
    if ("constant" in count) code.constant(count.constant);
    else code.get(count.local);
  }
  code.op(op.i32Mul);
  splatFloat(code, target);
}

/** target = how many bytes the cell lies behind the window's first one, in all lanes. */
export function splatCellOffset(code: Code, target: Local, { base, offset }: PoolCell, { input }: PoolPart): void {
  if (base === input) {
    code.vectorConstant([offset, offset, offset, offset]).set(target);
    return;
  }
  const distance = code.local("i32");
  code.get(base).get(input).op(op.i32Sub).set(distance);
  splatInteger(code, target, distance, offset);
  code.release("i32", distance);
}
