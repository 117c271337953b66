export { verifyKernels } from "./verify_kernels.ts";
export { verifyNetwork } from "./verify_network.ts";
