import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { root } from '../toolchain/shared.mjs';

const required = ['LICENSE', 'README.md', 'package.json'].concat(
  ['js', 'js.map', 'cjs', 'cjs.map', 'd.ts', 'd.cts'].map((ending) => `dist/index.${ending}`),
);
const optional = [/^CHANGELOG\.md$/, /^src\/.+\.ts$/];

/** What is wrong with the files of a packed package: one line each. */
export function checkContents({ folder, manifest, files }) {
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files
      .filter((file) => !required.includes(file) && !optional.some((rule) => rule.test(file)))
      .map((file) => `${file} is not needed`),
    ...checkLicence(folder),
    ...checkExports(folder),
    ...files
      .filter((file) => file.endsWith('.map'))
      .flatMap((file) => checkMap(folder, file, files)),
    ...files
      .filter((file) => /^dist\/.*[cm]?[jt]s$/.test(file))
      .flatMap((file) => checkImports(folder, file, manifest)),
  ];
}

function checkLicence(folder) {
  const text = (path) => readFileSync(join(path, 'LICENSE'), 'utf8');
  return text(folder) === text(root) ? [] : ['LICENSE differs from that of the repository'];
}

/** The names that a file exports as values. */
function exportedValues(path) {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return file.statements
    .filter((statement) => ts.isExportDeclaration(statement) && !statement.isTypeOnly)
    .flatMap(({ exportClause }) => exportClause?.elements ?? [])
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name }) => name.text);
}

/** The bundler of types makes a value of a class that is exported as a type alone. */
function checkExports(folder) {
  const values = new Set(exportedValues(join(folder, 'dist', 'index.js')));
  return exportedValues(join(folder, 'dist', 'index.d.ts'))
    .filter((name) => !values.has(name))
    .map((name) => `dist/index.d.ts promises ${name}, which dist/index.js does not export`);
}

/** A source map names files that are in the package, so that a debugger finds them. */
function checkMap(folder, file, files) {
  const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const missing = sources
    .map((source) => posix.join(posix.dirname(file), source))
    .filter((source) => !files.includes(source))
    .map((source) => `${file} points at ${source}, which is not in the package`);
  return sourcesContent === undefined ? missing : [...missing, `${file} holds the sources as well`];
}

/** What a file imports must be declared, or it would only be there by luck. */
function checkImports(folder, file, { name, dependencies, peerDependencies }) {
  const declared = { ...dependencies, ...peerDependencies };
  const { importedFiles } = ts.preProcessFile(readFileSync(join(folder, file), 'utf8'));
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((specifier) => !/^(\.|node:)/.test(specifier) && !builtinModules.includes(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)[0])
    .filter((dependency) => dependency !== name && declared[dependency] === undefined)
    .map((dependency) => `${file} imports ${dependency}, which is not declared`);
}
