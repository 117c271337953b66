/** min(max(v, low), high); NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function clamp(v: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(v, low), high);
}
