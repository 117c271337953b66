const pattern = /^step-(\d{10,16})\.safetensors$/;

/** How a checkpoint after so many steps is called: "step-<10 digits>.safetensors", with more digits where it takes them. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(10, "0")}.safetensors`;
}

/** The steps that a checkpoint's name tells; undefined of any other name. */
export function checkpointStep(name: string): number | undefined {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
