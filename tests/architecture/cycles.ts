// Circles in an import graph (Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972).

/**
 * The circles of a graph: each strongly connected set of more than one node, and each node that points at itself, in
 * order of discovery. Edges to unknown nodes are ignored.
 */
export function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found: string[][] = [];
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];

  const visit = (node: string): number => {
    const index = indexes.size;
    indexes.set(node, index);
    stack.push(node);
    let low = index;
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      if (!indexes.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, indexes.get(next) ?? low);
    }
    lowest.set(node, low);
    if (low === index) {
      const component = stack.splice(stack.indexOf(node));
      if (component.length > 1 || graph.get(node)?.includes(node)) found.push(component);
    }
    return low;
  };

  for (const node of graph.keys()) if (!indexes.has(node)) visit(node);
  return found;
}
