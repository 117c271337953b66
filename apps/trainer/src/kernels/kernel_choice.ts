/** What the user may ask for. */
export const kernelChoices = ["auto", "wide", "narrow"] as const;
export type KernelChoice = (typeof kernelChoices)[number];
