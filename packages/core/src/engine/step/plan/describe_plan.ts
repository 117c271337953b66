import { type KernelVariant, panelVectorsOf } from "../../emit/module/linker.ts";
import type { PanelVectors } from "../../emit/tiles/tiling.ts";
import type { WinogradTile } from "../../emit/winograd/transforms.ts";
import { buildLayers } from "../../../network/layers/build.ts";
import type { SequentialConfig } from "../../../network/sequential_config.ts";
import { type Block, blocksOf, type ConvolutionBlock, needsInputGradient } from "../blocks.ts";
import { filterGeometry } from "../layout/filter_geometry.ts";
import { expectedMicroseconds } from "./plan_costs.ts";
import type { PlanAlgorithm, PlanPhase, PlanRow } from "./plan_row.ts";
import {
  denseFlops,
  directFlops,
  directInputGradientFlops,
  routedFlops,
  scatteredFlops,
  valuesTouched,
  windowsFlops,
  winogradFlops,
  winogradInputGradientFlops,
  winogradWeightFlops,
} from "./plan_work.ts";
import { usesScattered } from "../choice/scattered_choice.ts";
import { usesUnpooled } from "../choice/unpooled_choice.ts";
import { usesWindows, usesWindowsForWeights } from "../choice/windows_choice.ts";
import { forwardTile, inputGradientTile, usesWinogradForWeights } from "../choice/winograd_choice.ts";

interface Work {
  readonly algorithm: PlanAlgorithm;
  readonly flops: number;
  readonly executedFlops: number;
}

/**
 * Says how the planned step would compute a network: for each of its blocks, forward and backward, by which algorithm,
 * with how much arithmetic, and how long that should take. Neither allocates nor compiles anything.
 *
 * @param model the network
 * @param variant which kernels. Default: "narrow"
 * @throws `LAYER_SHAPE` when a layer cannot take what comes in
 *
 * @example
 * describePlan(seedCnn().toJSON())[2].algorithm // "routed"
 */
export function describePlan(model: SequentialConfig, variant: KernelVariant = "narrow"): PlanRow[] {
  const blocks = blocksOf(buildLayers(model.inputShape, model.layers));
  const panelVectors = panelVectorsOf(variant);
  return blocks.flatMap((block, index) => {
    const wanted = needsInputGradient(blocks, index);
    const work =
      block.kind === "convolution" ? convolutionWork(block, wanted, panelVectors) : simpleWork(block, wanted);
    return work.map(([phase, { algorithm, flops, executedFlops }]): PlanRow => {
      const microseconds = expectedMicroseconds(variant, phase, algorithm, executedFlops);
      return { layers: block.names, phase, algorithm, flops, executedFlops, microseconds };
    });
  });
}

const skipped: Work = { algorithm: "skipped", flops: 0, executedFlops: 0 };

type PhaseWork = readonly [phase: PlanPhase, work: Work];

function convolutionWork(block: ConvolutionBlock, wanted: boolean, panelVectors: PanelVectors): PhaseWork[] {
  const geometry = filterGeometry(block);
  const flops = denseFlops(geometry);
  const work = (algorithm: PlanAlgorithm, executedFlops: number): Work => ({ algorithm, flops, executedFlops });
  const direct = work("direct", directFlops(block, geometry, panelVectors));
  // All four windows of every pool, in the same lanes as forward.
  const unpooled = work("unpooled", direct.executedFlops);
  const routed = work("routed", routedFlops(block, geometry, panelVectors));
  const forward = forwardTile(geometry, block.pooled);
  const forwardWork = (): Work => {
    if (forward !== undefined) return work(winogradName(forward), winogradFlops(block, forward, panelVectors));
    if (!usesWindows(geometry, block.pooled, panelVectors)) return direct;
    return work("windows", windowsFlops(block, geometry, panelVectors));
  };
  const inputGradientWork = (): Work => {
    if (block.pooled) return routed;
    if (usesScattered(geometry, panelVectors)) return work("scattered", scatteredFlops(geometry, panelVectors));
    const tile = inputGradientTile(geometry);
    if (tile === undefined) return work("direct", directInputGradientFlops(geometry, panelVectors));
    return work(winogradName(tile), winogradInputGradientFlops(geometry, tile, panelVectors));
  };
  const weightGradientWork = (): Work => {
    if (block.pooled) return usesUnpooled(geometry, panelVectors) ? unpooled : routed;
    if (usesWindowsForWeights(geometry, panelVectors)) {
      return work("windows", windowsFlops(block, geometry, panelVectors));
    }
    if (!usesWinogradForWeights(geometry)) return direct;
    return work("winograd F(3x3,4x4)", winogradWeightFlops(geometry, panelVectors));
  };
  return [
    ["forward", forwardWork()],
    ["input gradient", wanted ? inputGradientWork() : skipped],
    ["weight gradient", weightGradientWork()],
  ];
}

function winogradName(tile: WinogradTile): PlanAlgorithm {
  return tile === 2 ? "winograd F(2x2,3x3)" : "winograd F(4x4,3x3)";
}

function simpleWork(block: Exclude<Block, ConvolutionBlock>, wanted: boolean): PhaseWork[] {
  const flops = valuesTouched(block);
  const work: Work = { algorithm: block.kind === "pool" ? "pool" : "elementwise", flops, executedFlops: flops };
  return [
    ["forward", work],
    ["input gradient", wanted ? work : skipped],
  ];
}
