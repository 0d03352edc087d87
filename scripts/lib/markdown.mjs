// Reads what the docs check needs out of Markdown: links, headings and programs.

/**
 * @typedef {{ line: number, target: string }} Link
 * @typedef {{ line: number, code: string, output: string | undefined }} Program `output` is what it must print, when told
 * @typedef {{ line: number, info: string, body: string }} Fence
 */

/**
 * The links and images outside code, inline or as reference definitions.
 * @param {string} markdown
 * @returns {Link[]}
 */
export function links(markdown) {
  /** @type {Link[]} */
  const found = [];
  prose(markdown).forEach((text, index) => {
    const plain = text.replace(/`[^`]*`/g, '');
    for (const pattern of [
      /\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g,
      /^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/g,
    ]) {
      for (const match of plain.matchAll(pattern)) found.push({ line: index + 1, target: match[1] ?? '' });
    }
  });
  return found;
}

/**
 * The anchors that GitHub gives to a document's headings.
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function anchors(markdown) {
  const seen = new Map();
  return new Set(
    prose(markdown).flatMap((line) => {
      const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
      if (title === undefined) return [];
      const slug = title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return [count === 0 ? slug : `${slug}-${count}`];
    }),
  );
}

/**
 * A `ts` block that imports something is a program. A `text` block right after it is what it prints.
 * @param {string} markdown
 * @returns {Program[]}
 */
export function programs(markdown) {
  const lines = markdown.split('\n');
  const all = fences(lines);
  return all
    .filter(({ info, body }) => /^(ts|typescript)$/.test(info) && /^import\s/m.test(body))
    .map((fence) => {
      const end = fence.line + fence.body.split('\n').length;
      const next = all.find(({ line }) => line > end);
      const adjacent =
        next !== undefined && lines.slice(end + 1, next.line - 1).every((line) => line.trim() === '');
      return {
        line: fence.line,
        code: fence.body,
        output: adjacent && next.info === 'text' ? next.body : undefined,
      };
    });
}

/**
 * @param {readonly string[]} lines
 * @returns {Fence[]} `line` is that of the opening fence, from 1
 */
function fences(lines) {
  /** @type {Fence[]} */
  const found = [];
  /** @type {{ line: number, mark: string, info: string, body: string[] } | undefined} */
  let open;
  lines.forEach((text, index) => {
    const match = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (open === undefined) {
      if (match) open = { line: index + 1, mark: match[1] ?? '', info: (match[2] ?? '').trim(), body: [] };
    } else if (match && (match[1] ?? '').startsWith(open.mark) && match[2] === '') {
      found.push({ line: open.line, info: open.info, body: open.body.join('\n') });
      open = undefined;
    } else open.body.push(text);
  });
  return found;
}

/**
 * The lines of a document with those inside fences emptied, so that line numbers hold.
 * @param {string} markdown
 */
function prose(markdown) {
  const lines = markdown.split('\n');
  for (const { line, body } of fences(lines)) {
    const end = line + body.split('\n').length;
    lines.fill('', line - 1, end + 1);
  }
  return lines;
}
