import { asInput, UsageError } from "../errors.ts";
import { choice, flag } from "../options/option.ts";
import { datasetNames, publishedShape } from "../options/data_options.ts";
import { networkOption, seedNetwork } from "../options/model_option.ts";
import { text } from "../options/option.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { loadTrainedNetwork } from "../runs/trained_network.ts";
import { defineCommand, type Command } from "./command.ts";

export const summary: Command = defineCommand({
  name: "summary",
  summary: "layers, shapes and parameters of a network",
  description:
    "Prints the layers of a ready-made network, or of trained weights: output shape, parameters, and floating-point " +
    "operations of one image's forward pass.",
  options: {
    model: { ...networkOption(undefined), defaultText: seedNetwork.name },
    dataset: { ...choice(datasetNames, undefined, "whose images --model takes"), defaultText: "mnist" },
    weights: text("<file>", "weights.safetensors of a run, or its folder: the network in there"),
    json: flag("one JSON object on standard output"),
  },
  examples: ["summary", "summary --model lenet5", "summary --weights runs/first"],
  run: async ({ values, given }, environment) => {
    const foreign = (["model", "dataset"] as const).find((name) => given.has(name));
    if (values.weights !== undefined && foreign !== undefined) {
      throw new UsageError(
        "OPTION_COMBINATION",
        `--weights holds a network, so --${foreign} has no use; leave it out.`,
      );
    }
    const { name, build } = values.model ?? seedNetwork;
    const inputShape = publishedShape[values.dataset ?? "mnist"];
    const trained =
      values.weights === undefined ? undefined : await loadTrainedNetwork(values.weights, environment.directory);
    const model = trained?.model ?? (await asInput(() => build({ inputShape })));
    if (values.json) {
      const layers = model.layers.map(({ name: layer, outputShape, parameters, flops }) => ({
        name: layer,
        outputShape,
        parameters: parameters.reduce((sum, { size }) => sum + size, 0),
        flops,
      }));
      const facts = { inputShape: model.inputShape, parameters: model.parameterCount, layers };
      writeJson(environment.stdout, { event: "summary", model: trained?.file.path ?? name, ...facts });
    } else {
      environment.stdout.write(`${trained?.file.name ?? name}\n\n${model.summary()}\n`);
    }
    return 0;
  },
});
