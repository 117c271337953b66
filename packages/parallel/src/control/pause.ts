// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ES2024, which is all that Node 22 has, does not know it
const { pause: hint = () => {} } = Atomics as { readonly pause?: () => void };

/** Tells the processor that a loop only waits. Node 22 has no such hint, and its loops wait without. */
export const pause: () => void = hint;
