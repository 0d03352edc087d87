/** A queue from whose middle a waiter can leave in constant time; arrays and maps cannot do both ends of that. */

export interface Fifo<Item> {
  /** Puts `item` last, and answers the function that takes it out again (harmless once it is out). */
  push(item: Item): () => void;
  shift(): Item | undefined;
}

interface Node<Item> {
  readonly item: Item;
  previous: Node<Item> | undefined;
  next: Node<Item> | undefined;
  linked: boolean;
}

export function fifo<Item>(): Fifo<Item> {
  let first: Node<Item> | undefined;
  let last: Node<Item> | undefined;

  function unlink(node: Node<Item>): void {
    if (!node.linked) return;
    node.linked = false;
    if (node.previous === undefined) first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) last = node.previous;
    else node.next.previous = node.previous;
  }

  return {
    push(item) {
      const node: Node<Item> = { item, previous: last, next: undefined, linked: true };
      if (last === undefined) first = node;
      else last.next = node;
      last = node;
      return () => unlink(node);
    },
    shift() {
      const node = first;
      if (node === undefined) return undefined;
      unlink(node);
      return node.item;
    },
  };
}
