export { kernelFingerprint } from "./kernel_fingerprint.ts";
export { verifyKernels } from "./verify_kernels.ts";
