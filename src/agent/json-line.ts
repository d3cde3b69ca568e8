/** What a line of a CLI's output says in JSON; `undefined` for one that is no JSON object. */
export function jsonLine(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // Not every line is ours: warnings and cut lines are kept in the transcript and mean nothing here.
    return undefined;
  }
}
