/** A directed graph: node → the nodes it depends on. Every node is a key. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * The strongly connected parts with more than one node (Tarjan's algorithm, without recursion: a chain of 10,000 units is
 * deeper than the stack).
 */
export function knots(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const found: string[][] = [];
  const enter = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, next: 0 };
  };
  const lower = (node: string, value: number) =>
    low.set(node, Math.min(low.get(node) ?? value, value));
  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const path = [enter(root)];
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const to = graph.get(frame.node)?.[frame.next];
      frame.next += 1;
      if (to !== undefined) {
        if (!index.has(to)) path.push(enter(to));
        else if (onStack.has(to)) lower(frame.node, index.get(to) ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(frame.node) ?? 0);
      if (low.get(frame.node) !== index.get(frame.node)) continue;
      const part = stack.splice(stack.lastIndexOf(frame.node));
      for (const node of part) onStack.delete(node);
      if (part.length > 1) found.push(part);
    }
  }
  return found;
}

/** A shortest cycle through the first node of a knot: its nodes in order, each depending on the next. */
export function cycleThrough(start: string, knot: ReadonlySet<string>, graph: Graph): string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] ?? start;
    for (const to of graph.get(node) ?? []) {
      if (to === start) {
        const cycle = [node];
        for (let back = cameFrom.get(node); back !== undefined; back = cameFrom.get(back))
          cycle.unshift(back);
        return cycle;
      }
      if (!knot.has(to) || cameFrom.has(to)) continue;
      cameFrom.set(to, node);
      queue.push(to);
    }
  }
  return [start];
}
