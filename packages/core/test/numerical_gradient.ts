/**
 * Central differences in float64, the definition of a derivative:
 *
 *     (f(v + h) - f(v - h)) / 2h
 *
 * The error is about h² · f''' + 1e-16 · f / h: 1e-10 for the sizes in these tests.
 *
 * @param values changed one at a time, and put back
 */
export function numericalGradient(f: () => number, values: Float64Array, h = 1e-5): Float64Array {
  return Float64Array.from(values, (value, i) => {
    values[i] = value + h;
    const above = f();
    values[i] = value - h;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * h);
  });
}
