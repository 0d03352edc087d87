// Reads one source file into the facts that the rules ask for: its imports, and its uses of real time and chance.
import type { ExportSpecifier, Expression, ImportDeclaration, Node } from 'oxc-parser';
import { parseSync, Visitor } from 'oxc-parser';

/** One import, re-export, dynamic import or `import('…')` type. */
export interface Import {
  readonly specifier: string;
  /** Erased by the compiler, so it cannot run the other module. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** One use of the real clock, a real timer or real chance. */
export interface RealUse {
  readonly what: string;
  readonly line: number;
}

/** A source file as the rules see it. */
export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly realUses: readonly RealUse[];
  /** Tests and fixtures are not published and may use what test code needs. */
  readonly isTest: boolean;
}

const bannedMembers = new Set([
  'Date.now',
  'performance.now',
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'AbortSignal.timeout',
  'process.hrtime',
  'globalThis.setTimeout',
  'globalThis.setInterval',
]);
const bannedCalls = new Set(['setTimeout', 'setInterval', 'randomUUID', 'randomBytes', 'Date']);
const bannedModules = /^(node:)?timers(\/promises)?$/;

/** @throws Error naming the file when it does not parse */
export function readSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} does not parse: ${error.message}`);
  const imports: Import[] = [];
  const realUses: RealUse[] = [];
  const lineOf = lineCounter(text);
  const add = (
    node: { start: number },
    source: Expression | { value: string } | null,
    typeOnly: boolean,
  ): void => {
    if (source === null || !('value' in source) || typeof source.value !== 'string') return;
    imports.push({ specifier: source.value, typeOnly, line: lineOf(node.start) });
    if (bannedModules.test(source.value)) realUses.push({ what: source.value, line: lineOf(node.start) });
  };
  const found = (node: Node, what: string): void => {
    realUses.push({ what, line: lineOf(node.start) });
  };

  new Visitor({
    ImportDeclaration: (node) => add(node, node.source, isTypeOnlyImport(node)),
    ExportAllDeclaration: (node) => add(node, node.source, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) =>
      add(node, node.source, node.exportKind === 'type' || areTypes(node.specifiers)),
    ImportExpression: (node) => add(node, node.source, false),
    TSImportType: (node) => add(node, node.source, true),
    MemberExpression: (node) => {
      const name = memberName(node);
      if (name !== undefined && bannedMembers.has(name)) found(node, name);
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && bannedCalls.has(node.callee.name))
        found(node, `${node.callee.name}()`);
    },
    NewExpression: (node) => {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) found(node, 'new Date()');
    },
  }).visit(program);

  return { path, imports, realUses, isTest: /(\.(test|fixture)\.tsx?|\/fixtures\/.*)$/.test(path) };
}

function isTypeOnlyImport(node: ImportDeclaration): boolean {
  if (node.importKind === 'type') return true;
  // `import {} from 'x'` and `import 'x'` run the module.
  return (
    node.specifiers.length > 0 &&
    node.specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type')
  );
}

function areTypes(specifiers: readonly ExportSpecifier[]): boolean {
  return specifiers.length > 0 && specifiers.every((each) => each.exportKind === 'type');
}

/** `a.b` for a plain member, and also for the last two names of `globalThis.a.b`. */
function memberName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier')
    return undefined;
  const { object } = node;
  if (object.type === 'Identifier') return `${object.name}.${node.property.name}`;
  if (object.type === 'MemberExpression' && !object.computed && object.property.type === 'Identifier') {
    return `${object.property.name}.${node.property.name}`;
  }
  return undefined;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
