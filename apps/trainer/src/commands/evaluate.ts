import { usableCores } from "@convoy/parallel/machine";
import { evaluate as evaluateOnThreads, predict } from "@convoy/parallel";
import type { Environment } from "../environment.ts";
import { asInput } from "../errors.ts";
import { trainedDataOptions } from "../options/data_options.ts";
import { wholeNumber } from "../options/number_option.ts";
import { flag } from "../options/option.ts";
import { weightsOption } from "../options/weights_option.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { scoreClasses, type ClassScore } from "../evaluation/class_scores.ts";
import { loadTrainedData } from "../runs/trained_data.ts";
import { loadTrainedNetwork, normalizationOf } from "../runs/trained_network.ts";
import { facts } from "../terminal/facts.ts";
import { nameFrom } from "../terminal/name_from.ts";
import { grouped, percent } from "@convoy/parallel/progress";
import { table } from "../terminal/table.ts";
import { defineCommand, type Command } from "./command.ts";

export const evaluate: Command = defineCommand({
  name: "evaluate",
  description:
    "Loads trained weights and counts how many of the test images the network classifies right. The images are those of the " +
    "data that it was trained on, where the run's own run.json or the weights file says which.",
  options: {
    weights: weightsOption,
    ...trainedDataOptions,
    workers: wholeNumber({
      description: "threads",
      initial: undefined,
      defaultText: `as many as the work is worth, here at most ${usableCores()}`,
      least: 1,
      most: 1024,
    }),
    json: flag("one JSON object on standard output"),
  },
  examples: ["evaluate", "evaluate --weights runs/first --json"],
  run: async ({ values }, environment) => {
    const network = await loadTrainedNetwork(values.weights, environment.directory);
    const { model, file } = network;
    const dataset = await loadTrainedData(network, values, environment);
    const { name, test } = dataset;
    const options = { normalization: normalizationOf(network, values, environment), workers: values.workers };
    const { loss, accuracy, correct, total } = await asInput(() => evaluateOnThreads(model, test, options));
    const probabilities = await predict(model, test.images, options);
    const classes = scoreClasses(probabilities, test.labels, network.classNames);
    const weightsSha256 = model.weightsSha256();
    const { source } = dataset;
    if (values.json) {
      const result = {
        testAccuracy: accuracy,
        testLoss: loss,
        correct,
        total,
        weightsSha256,
        weights: file.path,
        classes,
      };
      writeJson(environment.stdout, { event: "evaluation", dataset: name, dataSource: source, ...result });
    } else {
      const { columns, isTerminal } = environment.stdout;
      printEvaluation(environment, [
        ...facts(
          [
            ["Weights", file.name],
            ["SHA-256", weightsSha256],
            ["Data", `${name}: ${grouped(total)} test images, from ${nameFrom(environment.directory, source)}`],
          ],
          isTerminal ? columns : Infinity,
        ),
        "",
        `Accuracy of the network on the ${total} test images: ${percent(accuracy)}`,
        `Loss: ${loss.toFixed(4)}`,
        "",
        ...classTable(classes),
      ]);
    }
    return 0;
  },
});

function printEvaluation({ stdout }: Environment, lines: readonly string[]): void {
  stdout.write(`${lines.join("\n")}\n`);
}

function classTable(classes: readonly ClassScore[]): string[] {
  const [right, of, accuracy] = ["right", "of", "accuracy"].map((title) => ({ title, numeric: true }));
  return table(
    [{ title: "class" }, right, of, accuracy, { title: "most often taken for" }],
    classes.map(({ name, correct, total, accuracy: share, mistakenFor }) => [
      name,
      grouped(correct),
      grouped(total),
      share === undefined ? "-" : percent(share),
      mistakenFor === undefined ? "" : `${mistakenFor.name} (${mistakenFor.count})`,
    ]),
  );
}
