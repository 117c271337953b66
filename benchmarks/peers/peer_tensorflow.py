"""TensorFlow: a Keras model whose training step is one graph, with XLA or without."""

import os

import keras
import tensorflow as tf

from peer import images_and_labels, serve, tensors

threads = int(os.environ["OMP_NUM_THREADS"])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def keras_layer(layer):
    activation = layer.get("activation")
    match layer["kind"]:
        case "conv2d":
            return keras.layers.Conv2D(
                layer["filters"],
                layer["kernelSize"],
                layer["strides"],
                layer["padding"],
                activation=activation,
                use_bias=layer["useBias"],
            )
        case "dense":
            return keras.layers.Dense(layer["units"], activation, use_bias=layer["useBias"])
        case "maxPool2d":
            return keras.layers.MaxPooling2D(layer["poolSize"], layer["strides"], layer["padding"])
        case "averagePool2d":
            return keras.layers.AveragePooling2D(layer["poolSize"], layer["strides"], layer["padding"])
        case "relu":
            return keras.layers.ReLU()
        case "dropout":
            return keras.layers.Dropout(layer["rate"])
        case "flatten":
            return keras.layers.Flatten()
        case kind:
            raise NotImplementedError(kind)


def build(job):
    images, labels = (tf.constant(values) for values in images_and_labels(job))
    model = keras.Sequential([keras.Input(job.inputShape), *map(keras_layer, job.layers)])
    for variable, value in zip(model.trainable_variables, tensors(job), strict=True):
        variable.assign(value)
    optimizer = keras.optimizers.SGD(job.learningRate, job.momentum)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=job.setup["xla"])
    def train_step(indices):
        with tf.GradientTape() as tape:
            logits = model(tf.gather(images, indices), training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.gather(labels, indices), logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return lambda indices: train_step(tf.constant(indices))


serve("TensorFlow", tf.__version__, build)
