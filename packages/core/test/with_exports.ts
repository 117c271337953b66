/** Runs `work` while every instance of WebAssembly has its exports changed. */
export async function withExports(
  change: (exports: WebAssembly.Exports, memory: WebAssembly.Memory | undefined) => void,
  work: () => Promise<void>,
): Promise<void> {
  const { Instance } = WebAssembly;
  const changed = function instance(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    const exports = { ...new Instance(module, imports).exports };
    const memory = imports["env"]?.["memory"];
    change(exports, memory instanceof WebAssembly.Memory ? memory : undefined);
    return { exports };
  };
  Object.assign(WebAssembly, { Instance: changed });
  try {
    await work();
  } finally {
    Object.assign(WebAssembly, { Instance });
  }
}

/** Names of the kernels that were emitted for the networks that `work` runs. */
export async function emittedKernels(work: () => Promise<void>): Promise<Set<string>> {
  const kernels = new Set<string>();
  const collect = (exports: WebAssembly.Exports): void => {
    for (const name of Object.keys(exports)) if (name.includes("/")) kernels.add(name);
  };
  await withExports(collect, work);
  return kernels;
}

/** Has the kernel of this name do nothing. */
export function without(name: string): (exports: WebAssembly.Exports) => void {
  return (exports) => {
    if (Object.hasOwn(exports, name)) exports[name] = () => {};
  };
}
