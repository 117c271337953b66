import type { Operation } from "./operation.ts";

export type OperationPart = "pack" | "forward" | "backwardInput" | "backwardWeights";

/** Told after each part of each operation: the layer's name, which part, and how long it took. */
export type OperationRecorder = (operation: string, part: OperationPart, milliseconds: number) => void;

/** The same operation with a clock around each part: for profiles, never in training. */
export function timedOperation(operation: Operation, record: OperationRecorder): Operation {
  const { name } = operation;
  return {
    name,
    parameterCount: operation.parameterCount,
    handedOver: operation.handedOver,
    pack() {
      const start = performance.now();
      operation.pack();
      record(name, "pack", performance.now() - start);
    },
    forward(images, pass) {
      const start = performance.now();
      operation.forward(images, pass);
      record(name, "forward", performance.now() - start);
    },
    backwardInput(images, pass) {
      const start = performance.now();
      operation.backwardInput(images, pass);
      record(name, "backwardInput", performance.now() - start);
    },
    backwardWeights(tree) {
      const start = performance.now();
      operation.backwardWeights(tree);
      record(name, "backwardWeights", performance.now() - start);
    },
  };
}
