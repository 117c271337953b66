import type { EpochEvent, EvaluationEvent, StepEvent, ValidationEvent } from "@convoy/parallel";
import { duration, grouped, percent } from "../terminal/numbers.ts";

/** As the PyTorch program prints it: "[%d, %5d] loss: %.3f". */
export function stepLine({ epoch, step, loss }: StepEvent): string {
  return `[${epoch}, ${String(step).padStart(5)}] loss: ${loss.toFixed(3)}`;
}

/** One epoch and what its weights are worth, in columns that stay in place. */
export function epochLine(
  epoch: EpochEvent,
  validation: ValidationEvent | undefined,
  evaluation: EvaluationEvent,
  epochs: number,
): string {
  return [
    `epoch ${String(epoch.epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${epoch.loss.toFixed(3)}`,
    `train ${percent(epoch.trainAccuracy).padStart(7)}`,
    ...(validation === undefined ? [] : [`validation ${percent(validation.validationAccuracy).padStart(7)}`]),
    `test ${percent(evaluation.testAccuracy).padStart(7)}`,
    `${grouped(epoch.imagesPerSecond).padStart(6)} images/s`,
    duration(epoch.seconds).padStart(6),
  ].join("  ");
}
