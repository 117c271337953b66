import { describePlan, planCostsVersion } from "@convoy/core/training";
import { asInput, UsageError } from "../errors.ts";
import { choice, flag, text } from "../options/option.ts";
import { datasetNames, published } from "../options/data_options.ts";
import { networkOption, seedNetwork } from "../options/model_option.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { planLines } from "../profile/plan_lines.ts";
import { loadTrainedNetwork } from "../runs/trained_network.ts";
import { shownName } from "../terminal/shown_name.ts";
import { defineCommand, type Command } from "./command.ts";

const kernelVariants = ["narrow", "wide"] as const;

export const summary: Command = defineCommand({
  name: "summary",
  description:
    "Prints the layers of a ready-made network, or of trained weights: output shape, parameters, and floating-point " +
    "operations of one image's forward pass. With --plan also how a training step computes them.",
  options: {
    model: { ...networkOption(undefined), defaultText: seedNetwork.name },
    dataset: { ...choice(datasetNames, undefined, "whose images --model takes"), defaultText: "mnist" },
    weights: text("<file>", "final.safetensors of a run, or its folder: the network in there"),
    plan: flag("how the layers are computed: algorithm, arithmetic and expected time of each phase"),
    kernels: choice(kernelVariants, "narrow", "of --plan: which kernels compute"),
    json: flag("one JSON object on standard output"),
  },
  examples: ["summary", "summary --model lenet5", "summary --plan --kernels wide", "summary --weights runs/first"],
  run: async ({ values, given }, environment) => {
    const foreign = (["model", "dataset"] as const).find((name) => given.has(name));
    if (values.weights !== undefined && foreign !== undefined) {
      throw new UsageError(
        "OPTION_COMBINATION",
        `--weights holds a network, so --${foreign} has no use; leave it out.`,
      );
    }
    if (given.has("kernels") && !values.plan) {
      throw new UsageError(
        "OPTION_COMBINATION",
        "--kernels belongs to --plan; the layers are the same with all kernels.",
      );
    }
    const { name, build } = values.model ?? seedNetwork;
    const trained =
      values.weights === undefined ? undefined : await loadTrainedNetwork(values.weights, environment.directory);
    const model = trained?.model ?? (await asInput(() => build(published[values.dataset ?? "mnist"])));
    const { kernels } = values;
    const plan = values.plan ? describePlan(model.toJSON(), kernels) : undefined;
    if (values.json) {
      const layers = model.layers.map(({ name: layer, outputShape, parameters, flops }) => ({
        name: layer,
        outputShape,
        parameters: parameters.reduce((sum, { size }) => sum + size, 0),
        flops,
      }));
      const described = plan === undefined ? {} : { kernels, plan, planCostsVersion };
      const facts = { inputShape: model.inputShape, parameters: model.parameterCount, layers, ...described };
      writeJson(environment.stdout, { event: "summary", model: trained?.file.path ?? name, ...facts });
    } else {
      const { stdout } = environment;
      stdout.write(`${shownName(trained?.file.name ?? name)}\n\n${model.summary()}\n`);
      if (plan !== undefined) stdout.write(`\n${planLines(plan, kernels, Math.max(stdout.columns, 40)).join("\n")}\n`);
    }
    return 0;
  },
});
