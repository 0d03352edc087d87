// The rules of the house. Each takes the rooms and answers with the violations, in words that say what to do instead.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { cycles } from './cycles.ts';
import type { RoomPlan, RuntimeException } from './house.ts';
import type { Import, SourceFile } from './source-file.ts';
import type { Manifest, Room } from './tree.ts';

/** The plan and the exceptions that the rules hold the rooms against. */
export interface Plan {
  readonly house: Readonly<Record<string, RoomPlan>>;
  readonly runtimeExceptions: readonly RuntimeException[];
}

/** One rule: a name for the report, and the violations it finds. */
export interface Rule {
  readonly name: string;
  readonly check: (rooms: readonly Room[], plan: Plan) => readonly string[];
}

/** Every rule, in the order of the report. */
export const rules: readonly Rule[] = [
  { name: 'every package is a room of the plan, and has a README', check: roomsArePlanned },
  { name: 'a room imports only the rooms that the plan allows', check: importsArePlanned },
  { name: 'nothing is imported past a door', check: doorsAreUsed },
  { name: 'core depends on nothing', check: coreIsAlone },
  { name: 'time and chance come from the Runtime', check: runtimeIsUsed },
  { name: 'no circle of imports goes through more than one folder', check: noCircles },
  { name: 'package.json declares what the sources use, and nothing else', check: dependenciesAreDeclared },
];

function roomsArePlanned(rooms: readonly Room[], { house }: Plan): readonly string[] {
  return rooms.flatMap(({ folder, manifest, hasReadme }) => [
    ...(house[manifest.name]?.folder === folder
      ? []
      : [
          `${folder}: "${manifest.name}" is not in tests/architecture/house.ts; add a row that says what it may import`,
        ]),
    ...(hasReadme ? [] : [`${folder}: has no README.md; say in one screen what it is for`]),
  ]);
}

function importsArePlanned(rooms: readonly Room[], { house }: Plan): readonly string[] {
  return eachImport(rooms, (room, file, { specifier, typeOnly, line }) => {
    const target = roomOf(specifier, house);
    const plan = house[room.manifest.name];
    if (target === undefined || plan === undefined || target === room.manifest.name) return [];
    if (plan.mayImport.includes(target)) return [];
    if (!plan.typesOnly?.includes(target))
      return [`${file.path}:${line}: ${room.manifest.name} may not import ${target}`];
    return typeOnly
      ? []
      : [`${file.path}:${line}: only types may be imported from ${target}; write "import type"`];
  });
}

function doorsAreUsed(rooms: readonly Room[], { house }: Plan): readonly string[] {
  const manifests = new Map(rooms.map(({ manifest }) => [manifest.name, manifest]));
  return eachImport(rooms, (room, file, { specifier, line }) => {
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(file.path), specifier);
      const inside = target.startsWith(`${room.folder}/`);
      return inside
        ? []
        : [`${file.path}:${line}: "${specifier}" leaves the room; import the other package by its name`];
    }
    const target = roomOf(specifier, house);
    if (target === undefined) return [];
    if (target === room.manifest.name)
      return [`${file.path}:${line}: imports its own package "${specifier}"; use a relative path`];
    const door = `.${specifier.slice(target.length)}`;
    const doors = Object.keys(manifests.get(target)?.exports ?? {});
    return doors.includes(door)
      ? []
      : [`${file.path}:${line}: "${specifier}" is past the door; ${target} exports ${doors.join(', ')}`];
  });
}

function coreIsAlone(rooms: readonly Room[]): readonly string[] {
  const core = rooms.filter(({ manifest }) => manifest.name === '@holdfast/core');
  return [
    ...core.flatMap(({ folder, manifest }) =>
      [...runtimeDependencies(manifest)].map(
        (name) => `${folder}/package.json: core may not depend on "${name}"`,
      ),
    ),
    ...eachImport(core, (_room, file, { specifier, line }) =>
      file.isTest || specifier.startsWith('.')
        ? []
        : [`${file.path}:${line}: core runs anywhere and may not import "${specifier}"`],
    ),
  ];
}

function runtimeIsUsed(rooms: readonly Room[], { house, runtimeExceptions }: Plan): readonly string[] {
  const files = rooms
    .filter(({ manifest }) => house[manifest.name]?.usesRuntime === true)
    .flatMap((room) => room.files)
    .filter(({ isTest, realUses }) => !isTest && realUses.length > 0);
  const excepted = runtimeExceptions.map(({ file, why }) => `${file} (${why})`).join(', ');
  return [
    ...files
      .filter(({ path }) => !runtimeExceptions.some(({ file }) => file === path))
      .flatMap(({ path, realUses }) =>
        realUses.map(
          ({ what, line }) =>
            `${path}:${line}: ${what}; take it from the Runtime port. Excepted: ${excepted}`,
        ),
      ),
    ...runtimeExceptions
      .filter(({ file }) => !files.some(({ path }) => path === file))
      .map(({ file }) => `${file}: is excepted but reads neither clock nor chance; remove the exception`),
  ];
}

/** Within one folder two files may recur into each other, as a parser's do; between folders a circle hides a missing layer. */
function noCircles(rooms: readonly Room[]): readonly string[] {
  return rooms.flatMap(({ files }) => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith('.'))
          .map(({ specifier }) => posix.join(posix.dirname(file.path), specifier)),
      ]),
    );
    const wide = cycles(graph).filter(
      (circle) => new Set(circle.map((path) => posix.dirname(path))).size > 1,
    );
    return wide.map(
      (circle) => `${circle.join(' → ')}: a circle; move what they share into a file of its own`,
    );
  });
}

function dependenciesAreDeclared(rooms: readonly Room[], { house }: Plan): readonly string[] {
  const versions = new Map(rooms.map(({ manifest }) => [manifest.name, manifest.version]));
  return rooms.flatMap(({ folder, manifest, files }) => {
    const used = new Set(
      files.filter(({ isTest }) => !isTest).flatMap((file) => file.imports.flatMap(packageOf)),
    );
    const runtime = runtimeDependencies(manifest);
    // A private room is bundled or run from here, so what it uses may stand among its devDependencies.
    const declared = new Set([
      ...runtime,
      ...(manifest.private ? Object.keys(manifest.devDependencies ?? {}) : []),
    ]);
    return [
      ...[...used]
        .filter((name) => !declared.has(name))
        .map((name) => `${folder}: uses "${name}" but does not declare it`),
      ...[...runtime]
        .filter((name) => !used.has(name))
        .map((name) => `${folder}: declares "${name}" but does not use it`),
      ...Object.entries(manifest.dependencies ?? {})
        .filter(([name, range]) => name in house && range !== versions.get(name))
        .map(([name, range]) => `${folder}: wants ${name} ${range}; the room here is ${versions.get(name)}`),
    ];
  });
}

function eachImport(
  rooms: readonly Room[],
  check: (room: Room, file: SourceFile, imported: Import) => readonly string[],
): readonly string[] {
  return rooms.flatMap((room) =>
    room.files.flatMap((file) => file.imports.flatMap((imported) => check(room, file, imported))),
  );
}

/** The room that a specifier enters, by its door or past it. */
function roomOf(specifier: string, house: Plan['house']): string | undefined {
  return Object.keys(house).find((name) => specifier === name || specifier.startsWith(`${name}/`));
}

function runtimeDependencies(manifest: Manifest): ReadonlySet<string> {
  return new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
}

function packageOf({ specifier }: Import): readonly string[] {
  if (/^[./]|^node:/.test(specifier) || builtinModules.includes(specifier)) return [];
  return [specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')];
}
