/** Names of the initialisers; see `initialize.ts` for the formulas. */
export type Initializer = "zeros" | "glorotUniform" | "heUniform" | "pytorch";
