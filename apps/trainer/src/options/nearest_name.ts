/** The known name that the user most likely meant, or nothing when none is near. Dashes in front of both count for nothing. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(typed.replace(/^-+/, "").length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(typed, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

/**
 * Fewest letters to insert, delete or replace, or neighbours to swap.
 *
 * Source: Damerau, A Technique for Computer Detection and Correction of Spelling Errors, as "optimal string alignment".
 */
function editDistance(from: string, to: string): number {
  let last: readonly number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const current = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = previous[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = swap ? last[j - 2] + 1 : Infinity;
      current.push(Math.min(replaced, swapped, previous[j] + 1, current[j - 1] + 1));
    }
    last = previous;
    previous = current;
  }
  return previous[to.length];
}
