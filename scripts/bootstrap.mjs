// Makes a fresh clone usable with nothing but Node 18 or later and npm, then runs a task:
//
//   node scripts/bootstrap.mjs [--node 22|24|26] start|test|exec [arguments]
//
// Node and pnpm come from the npm registry into .toolchain/ when those at hand do not fit.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDependencies } from './toolchain/dependencies.mjs';
import { nodeFolder } from './toolchain/node.mjs';
import { pnpmFolder } from './toolchain/pnpm.mjs';
import { needsShell, root, say } from './toolchain/shared.mjs';

/** What a task runs. `start` runs where the user is, so that file names mean what they say. */
const tasks = new Map([
  [
    'start',
    {
      command: [
        'node',
        '--conditions=@x/source',
        `--import=${pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs'))}`,
        join(root, 'examples/repository-fetcher/src/main.ts'),
      ],
      cwd: process.env.INIT_CWD ?? process.cwd(),
    },
  ],
  ['test', { command: ['pnpm', 'check'], cwd: root }],
  ['exec', { command: [], cwd: root }],
]);

const usage = `usage: bootstrap.mjs [--node MAJOR] ${[...tasks.keys()].join('|')} [arguments]`;

function readArguments(argv) {
  let major = process.env.TOOLCHAIN_NODE || undefined;
  if (argv[0] === '--node') [, major, ...argv] = argv;
  const [name, ...rest] = argv;
  const task = tasks.get(name);
  if (task === undefined) throw new Error(usage);
  const command = [...task.command, ...(rest[0] === '--' ? rest.slice(1) : rest)];
  if (command.length === 0) throw new Error(usage);
  return { major, command, cwd: task.cwd };
}

function run([file, ...args], cwd, env) {
  const shell = needsShell && file !== 'node';
  const child = spawn(file, args, { cwd, env, stdio: 'inherit', shell });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 1);
  });
}

try {
  const { major, command, cwd } = readArguments(process.argv.slice(2));
  const folders = [nodeFolder(major), pnpmFolder(), join(root, 'node_modules', '.bin')];
  const path = [...folders.filter((folder) => folder !== undefined), process.env.PATH];
  const env = { ...process.env, DO_NOT_TRACK: '1', PATH: path.join(delimiter) };
  if (installDependencies(env)) say('ready');
  run(command, cwd, env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
