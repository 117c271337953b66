/** What `assembly/step` exports and `assembly/tfjs` exports again. Addresses are bytes in the backend's memory. */
export interface PackingKernels {
  packPanels(
    source: number,
    inner: number,
    channels: number,
    lanes: number,
    target: number,
    first: number,
    rows: number,
  ): void;
  packPanelsTransposed(
    source: number,
    channels: number,
    inner: number,
    lanes: number,
    target: number,
    first: number,
    rows: number,
  ): void;
  packWinograd(
    source: number,
    inputs: number,
    filters: number,
    lanes: number,
    target: number,
    placeBytes: number,
    side: number,
  ): void;
  turnFilters(source: number, inputs: number, filters: number, target: number): void;
  add(target: number, source: number, count: number): void;
  fillZero(target: number, bytes: number): void;
}
