import { Code, type Local } from "../module/code.ts";
import { filterBytes, type FilterShape, vectorGroups } from "../tiles/filter_vectors.ts";
import { loadSplat, loadVector, multiplyAdd, op, storeFloat, storeRow, zero } from "../tiles/simd.ts";
import type { PanelVectors } from "../tiles/tiling.ts";

/** Filters, and the lists of entries that carry a gradient: see `assembly/step/routes.ts`. */
export interface RoutedShape extends FilterShape {
  /** Bytes from one channel's list to the next. */
  readonly listStride: number;
}

const parameters = { lists: 0, counts: 1, input: 2, filters: 3, bias: 4 } as const;

/**
 * dw[k] += Σ in[window(e)] · g(e), db[k] += Σ g(e) over the entries e = (g, window's byte offset) of channel k's list.
 * Parameters: lists, counts, input, filter sums, bias sums.
 */
export function emitRoutedWeightGradient(shape: RoutedShape, panelVectors: PanelVectors, useBias: boolean): Code {
  const code = new Code(5);
  emitChannels(code, shape, filterBytes(shape, panelVectors), (entries, end, filter, bias) => {
    for (const [index, group] of vectorGroups(shape, panelVectors).entries()) {
      const sums = group.map(() => code.local("v128"));
      const g = code.local("v128");
      const total = code.local("v128");
      const withBias = useBias && index === 0;
      const values = [code.local("v128"), code.local("v128")];
      for (const [n, { filter: offset }] of group.entries()) loadVector(code, sums[n], filter, offset);
      if (withBias) zero(code, [total]);
      emitEntries(code, entries, end, g, parameters.input, (at) => {
        if (withBias) code.get(total).get(g).f32Add().set(total);
        for (let n = 0; n < group.length; n += 2) {
          const pair = group.slice(n, n + 2);
          for (const [i, { input }] of pair.entries()) loadVector(code, values[i], at, input);
          multiplyAdd(code, sums.slice(n, n + 2), g, values);
        }
      });
      storeRow(code, filter, group[0].filter, sums);
      if (withBias) {
        loadSplat(code, g, bias, 0);
        code.get(total).get(g).f32Add().set(total);
        storeFloat(code, bias, 0, total);
      }
      code.release("v128", ...sums, ...values, g, total);
    }
  });
  return code;
}

function emitChannels(
  code: Code,
  shape: RoutedShape,
  bytes: number,
  body: (entries: Local, end: Local, filter: Local, bias: Local) => void,
): void {
  const [entries, count, filter, bias, end] = [0, 0, 0, 0, 0].map(() => code.local("i32"));
  code.advance(entries, code.parameter(parameters.lists), 0).advance(count, code.parameter(parameters.counts), 0);
  code.advance(filter, code.parameter(parameters.filters), 0).advance(bias, code.parameter(parameters.bias), 0);
  code.repeat(shape.channels, () => {
    code.get(entries).get(count).memory(op.i32Load, 0).constant(8).op(op.i32Mul).op(op.i32Add).set(end);
    body(entries, end, filter, bias);
    code.advance(entries, entries, shape.listStride).advance(count, count, 4);
    code.advance(filter, filter, bytes).advance(bias, bias, 4);
  });
}

function emitEntries(
  code: Code,
  entries: Local,
  end: Local,
  g: Local,
  inputParameter: number,
  body: (at: Local) => void,
): void {
  const entry = code.local("i32");
  const at = code.local("i32");
  code.advance(entry, entries, 0);
  code.while(entry, end, () => {
    loadSplat(code, g, entry, 0);
    code.get(entry).memory(op.i32Load, 4).get(code.parameter(inputParameter)).op(op.i32Add).set(at);
    body(at);
    code.advance(entry, entry, 8);
  });
  code.release("i32", entry, at);
}
