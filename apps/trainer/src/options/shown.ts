/** What the user wrote, for a message: in quotes, and short however long it is. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
