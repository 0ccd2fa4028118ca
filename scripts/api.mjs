// The public types of each package, as committed in api/:
//
//   node scripts/api.mjs            writes them anew
//   node scripts/api.mjs --check    fails when they are not what the sources say, and shows the difference
//
// A difference is a decision: who changes the API commits it together with the reports. Comments are left
// out and declarations stand by name, so that nothing but the API makes a difference. Needs `pnpm build`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { publicPackages } from './packed/public-packages.mjs';
import { root } from './toolchain/shared.mjs';

const committed = join(root, 'api');
const printer = ts.createPrinter({ removeComments: true });

/** Imports first, then declarations by name, exports last. */
function orderOf(statement) {
  if (ts.isImportDeclaration(statement)) return `1 ${statement.moduleSpecifier.text}`;
  if (ts.isExportDeclaration(statement)) return `3 ${statement.moduleSpecifier?.text ?? ''}`;
  const declared = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]
    : statement;
  return `2 ${declared.name?.text ?? ''}`;
}

/** What is imported stands by name, too. */
function print(statement, file) {
  const printed = printer.printNode(ts.EmitHint.Unspecified, statement, file);
  if (!ts.isImportDeclaration(statement)) return printed;
  return printed.replace(
    /\{ (.*) \}/,
    (_, names) => `{ ${names.split(', ').toSorted().join(', ')} }`,
  );
}

function reportOf({ folder }) {
  const text = readFileSync(join(folder, 'dist', 'index.d.ts'), 'utf8');
  const file = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest);
  const statements = file.statements
    .map((statement) => [orderOf(statement), print(statement, file)])
    .toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)));
  return `${statements.map(([, printed]) => printed).join('\n\n')}\n`;
}

function writeReports(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const one of publicPackages()) {
    writeFileSync(join(folder, `${basename(one.folder)}.d.ts`), reportOf(one));
  }
}

function check() {
  const current = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    writeReports(current);
    const args = ['diff', '--no-index', '--no-prefix', '--exit-code', committed, current];
    const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
    if (status === 0) return;
    // git leaves out the first slash.
    const difference = stdout
      .replaceAll(committed.slice(1), 'committed')
      .replaceAll(current.slice(1), 'now');
    console.error(`${difference}${stderr}`);
    console.error('The public types changed. If that is meant, commit what `pnpm api` writes.');
    process.exitCode = 1;
  } finally {
    rmSync(current, { recursive: true, force: true });
  }
}

const [option] = process.argv.slice(2);
if (option === '--check') check();
else if (option === undefined) writeReports(committed);
else throw new Error(`usage: api.mjs [--check], got ${option}`);
