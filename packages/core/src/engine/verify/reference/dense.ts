import { type Tensor, tensor } from "./tensor.ts";

/**
 *     y[n, k] = bias[k] + Σ_i x[n, i] · kernel[i, k]
 *
 * Shape: x [N, I], kernel [I, K], bias [K] → y [N, K]
 */
export function dense(x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const [images, inputs] = x.shape;
  const units = kernel.shape[1];
  const y = tensor([images, units]);
  for (let n = 0; n < images; n++) {
    if (bias !== undefined) y.data.set(bias.data, n * units);
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < units; k++) y.data[n * units + k] += x.data[n * inputs + i] * kernel.data[i * units + k];
    }
  }
  return y;
}

/**
 *     dx[n, i] = Σ_k dy[n, k] · kernel[i, k]      dkernel[i, k] = Σ_n x[n, i] · dy[n, k]      dbias[k] = Σ_n dy[n, k]
 */
export function denseGradients(x: Tensor, kernel: Tensor, dy: Tensor): { dx: Tensor; dKernel: Tensor; dBias: Tensor } {
  const [images, inputs] = x.shape;
  const units = kernel.shape[1];
  const dx = tensor(x.shape);
  const dKernel = tensor(kernel.shape);
  const dBias = tensor([units]);
  for (let n = 0; n < images; n++) {
    for (let k = 0; k < units; k++) dBias.data[k] += dy.data[n * units + k];
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < units; k++) {
        dx.data[n * inputs + i] += dy.data[n * units + k] * kernel.data[i * units + k];
        dKernel.data[i * units + k] += dy.data[n * units + k] * x.data[n * inputs + i];
      }
    }
  }
  return { dx, dKernel, dBias };
}
