import { Code } from "../module/code.ts";
import type { Count, PoolPart } from "./pool_cells.ts";
import { type PoolRun, poolRuns, type PoolShape } from "./pool_shape.ts";
import { panelsOf } from "../tiles/tiling.ts";

/** `winners` has one i32 for each output, [image][window][channel]; only max pools look at it. */
const parameters = { images: 0, input: 1, output: 2, winners: 3 } as const;

/** Additions to as many sums hide one another's latency. */
const vectorsAtOnce = 4;

/**
 * Walks over images, windows and channels in their order. `emit` is called for each kind of window: for whole ones, whose
 * cells are counted here, and for those that an edge cuts, whose cells are counted as they come.
 *
 * @param clear Sets each image of the input to zero before its windows come, while it is about to be in the cache.
 */
export function emitPool(shape: PoolShape, clear: boolean, emit: (code: Code, part: PoolPart) => void): Code {
  const code = new Code(4);
  const pixel = shape.channels * 4;
  const [image, input, output, row, outputRow, column, outputColumn] = Array.from({ length: 7 }, () =>
    code.local("i32"),
  );
  const pointers = Array.from({ length: 3 }, () => code.local("i32"));
  const winners = code.parameter(parameters.winners);
  const window = (rows: Count, columns: Count): void => {
    for (const [n, start] of [column, outputColumn, winners].entries()) code.advance(pointers[n], start, 0);
    for (const { count, vectors, channels } of panelsOf(shape.channels, vectorsAtOnce)) {
      code.repeat(count, () => {
        emit(code, { rows, columns, input: pointers[0], output: pointers[1], winners: pointers[2], channels, vectors });
        for (const pointer of pointers) code.advance(pointer, pointer, vectors * 16);
      });
    }
  };
  code.constant(0).set(image);
  code.advance(input, code.parameter(parameters.input), 0).advance(output, code.parameter(parameters.output), 0);
  code.while(image, code.parameter(parameters.images), () => {
    if (clear) code.clear(input, shape.vertical.size * shape.inputRowStride);
    code.advance(outputRow, output, 0);
    for (const vertical of poolRuns(shape.vertical)) {
      code.advance(row, input, vertical.first * shape.inputRowStride);
      emitRun(code, vertical, (rows) => {
        code.advance(outputColumn, outputRow, 0);
        for (const horizontal of poolRuns(shape.horizontal)) {
          code.advance(column, row, horizontal.first * pixel);
          emitRun(code, horizontal, (columns) => {
            window(rows, columns);
            code.advance(column, column, horizontal.firstStep * pixel);
            code.advance(outputColumn, outputColumn, pixel).advance(winners, winners, pixel);
          });
        }
        code.advance(row, row, vertical.firstStep * shape.inputRowStride);
        code.advance(outputRow, outputRow, shape.outputRowStride);
      });
    }
    code.advance(input, input, shape.inputImageStride).advance(output, output, shape.outputImageStride);
    code.advance(image, image, 1);
  });
  return code;
}

function emitRun(code: Code, { positions, cells, cellsStep }: PoolRun, body: (cells: Count) => void): void {
  if (cellsStep === 0) {
    code.repeat(positions, () => body({ constant: cells }));
    return;
  }
  const local = code.local("i32");
  code.constant(cells).set(local);
  code.repeat(positions, () => {
    body({ local });
    code.advance(local, local, cellsStep);
  });
  code.release("i32", local);
}
