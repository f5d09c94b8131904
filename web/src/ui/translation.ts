// Browsers translate a page by putting <font> in the place of its text nodes. Preact goes on to write
// into the nodes that it made, which nobody sees any more: countdowns and counts would stand still. A
// node that is written to comes back here, and the browser translates it again.
import { options } from 'preact';

const isFont = (node: Node | null | undefined): node is Element => node?.nodeName === 'FONT';

/** What stands in the place of a text node. */
const stands = new WeakMap<Node, Element>();

function replaced(record: MutationRecord, text: Node, observer: MutationObserver): void {
  if (text.nodeType !== Node.TEXT_NODE || text.parentNode) return;
  const near = [...record.addedNodes, record.previousSibling, record.nextSibling];
  const font = near.find(isFont);
  if (!font) return;
  stands.set(text, font);
  observer.observe(text, { characterData: true });
}

function written(text: Node): void {
  const font = stands.get(text);
  if (!font || text.parentNode) return;
  stands.delete(text);
  font.replaceWith(text);
}

/** A text that Preact removes takes along what stands for it. */
function followRemovals(): void {
  const before = options.unmount;
  options.unmount = (vnode) => {
    const made = (vnode as { __e?: Node | null }).__e; // what Preact made of it
    if (vnode.type === null && made && !made.parentNode) stands.get(made)?.remove();
    before?.(vnode);
  };
}

/** Other translators put the text into their element: what belongs before the text comes before that. */
function followInsertions(): void {
  const plain = Node.prototype.insertBefore;
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    let at = before;
    while (at && at.parentNode !== this && isFont(at.parentElement)) at = at.parentElement;
    return plain.call(this, node, at) as T;
  };
}

/** Called once, before the first page is made. */
export function followTranslation(): void {
  const observer = new MutationObserver((records) => {
    for (const record of records)
      if (record.type === 'characterData') written(record.target);
      else for (const node of record.removedNodes) replaced(record, node, observer);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  followRemovals();
  followInsertions();
}
