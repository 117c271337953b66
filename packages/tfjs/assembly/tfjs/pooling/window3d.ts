/** Sizes of a pool over NDHWC images; plane images have depth 1. Written by `src/kernels/pooling/pool_geometry.ts`. */
@unmanaged
export class Window3d {
  batch: i32;
  depth: i32;
  height: i32;
  width: i32;
  channels: i32;
  outDepth: i32;
  outHeight: i32;
  outWidth: i32;
  kernelDepth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideDepth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padFront: i32;
  padTop: i32;
  padLeft: i32;
}

// @ts-ignore: decorator
@inline
export function pixelBytes(info: Window3d): usize {
  return <usize>info.channels << 2;
}

// @ts-ignore: decorator
@inline
export function rowBytes(info: Window3d): usize {
  return <usize>info.width * pixelBytes(info);
}

// @ts-ignore: decorator
@inline
export function planeBytes(info: Window3d): usize {
  return <usize>info.height * rowBytes(info);
}

// @ts-ignore: decorator
@inline
export function imageBytes(info: Window3d): usize {
  return <usize>info.depth * planeBytes(info);
}
