import type { Backend } from "@convoy/core/engine";

/** A layer that loops for ever must not pass for one that goes on, whatever it calls: more is no sign of life. */
const mostOperations = 1_000_000;

/**
 * Has tfjs call `beat` before each operation of this thread, forward and backward.
 *
 * @returns to be called at the start of each pass
 */
export function beatBetweenOperations(tf: Backend["tf"], beat: () => void): () => void {
  const engine = tf.engine();
  // Every operation opens a scope.
  const startScope = engine.startScope.bind(engine);
  let operations = 0;
  engine.startScope = (name) => {
    if (operations++ < mostOperations) beat();
    startScope(name);
  };
  return () => {
    operations = 0;
  };
}
