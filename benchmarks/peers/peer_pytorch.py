"""PyTorch: eager or compiled, channels last or first; started by torchrun, data-parallel over processes."""

import os
import sys
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from peer import images_and_labels, serve, tensors

rank, processes = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def network(layers, input_shape, weights):
    modules, weights = [], iter(weights)
    channels, spatial = input_shape[2], None  # spatial: shape that a flatten has just rolled out
    probe = torch.zeros(1, channels, *input_shape[:2])
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv2d":
            padding = "same" if layer["padding"] == "same" else 0
            module = nn.Conv2d(
                probe.shape[1], layer["filters"], layer["kernelSize"], layer["strides"], padding, bias=layer["useBias"]
            )
            kernel = torch.tensor(next(weights)).permute(3, 2, 0, 1)
        elif kind == "dense":
            module = nn.Linear(probe.shape[1], layer["units"], bias=layer["useBias"])
            kernel = torch.tensor(next(weights)).t()
            if spatial is not None:  # NHWC rolled out, where PyTorch rolls out NCHW
                c, h, w = spatial
                kernel = kernel.reshape(-1, h, w, c).permute(0, 3, 1, 2).reshape(kernel.shape)
        elif kind == "maxPool2d" and layer["padding"] == "valid":
            module = nn.MaxPool2d(layer["poolSize"], layer["strides"])
        elif kind == "averagePool2d" and layer["padding"] == "valid":
            module = nn.AvgPool2d(layer["poolSize"], layer["strides"])
        elif kind == "relu":
            module = nn.ReLU()
        elif kind == "dropout":
            module = nn.Dropout(layer["rate"])
        elif kind == "flatten":
            module, spatial = nn.Flatten(), probe.shape[1:]
        else:
            raise NotImplementedError(f"{kind} ({layer})")
        if kind in ("conv2d", "dense"):
            with torch.no_grad():
                module.weight.copy_(kernel)
                if layer["useBias"]:
                    module.bias.copy_(torch.tensor(next(weights)))
            if kind == "dense":
                spatial = None
        modules.append(module)
        if layer.get("activation") == "relu":
            modules.append(nn.ReLU())
        with torch.no_grad():
            probe = module(probe)
    return nn.Sequential(*modules)


def build(job):
    torch.set_num_threads(job.setup["threads"])
    layout = torch.channels_last if job.setup["channelsLast"] else torch.contiguous_format
    images, labels = images_and_labels(job)
    images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=layout)
    labels = torch.from_numpy(labels)
    model = network(job.layers, job.inputShape, tensors(job)).to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), job.learningRate, job.momentum, fused=True)
    if processes > 1:
        model = DistributedDataParallel(model, gradient_as_bucket_view=True)
    if job.setup["compile"]:
        model = torch.compile(model)

    def step(indices):
        share = torch.from_numpy(indices[rank::processes])
        loss = nn.functional.cross_entropy(model(images[share]), labels[share])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def mean_over_processes(value):
    total = torch.tensor(float(value), dtype=torch.float64)
    dist.all_reduce(total)
    return total.item() / processes


def lines_of_first_process():
    while True:
        line = [sys.stdin.readline() if rank == 0 else None]
        dist.broadcast_object_list(line)
        if not line[0]:
            return
        yield line[0]


if processes > 1:
    dist.init_process_group("gloo", timeout=timedelta(minutes=5))  # a process whose partner died must end
    serve("PyTorch", torch.__version__, build, lines_of_first_process(), mean_over_processes, answers=rank == 0)
    dist.destroy_process_group()
else:
    serve("PyTorch", torch.__version__, build)
