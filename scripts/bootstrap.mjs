// Makes a fresh clone usable with nothing but Node 18 or later and npm, then runs a task:
//
//   node scripts/bootstrap.mjs [--node 22|24|26] start|test|exec [arguments]
//
// Node and pnpm come from the npm registry into .toolchain/ when those at hand do not fit.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDependencies } from './toolchain/dependencies.mjs';
import { nodeFolder } from './toolchain/node.mjs';
import { pnpmFolder } from './toolchain/pnpm.mjs';
import { root, say } from './toolchain/shared.mjs';

const commands = {
  start: [
    'node',
    '--conditions=@x/source',
    '--import=tsx',
    'examples/repository-fetcher/src/main.ts',
  ],
  test: ['pnpm', 'check'],
  exec: [],
};

function readArguments(argv) {
  let major;
  if (argv[0] === '--node') [, major, ...argv] = argv;
  const [task, ...rest] = argv;
  if (!(task in commands)) {
    throw new Error(`expected one of ${Object.keys(commands).join(', ')}, got ${task}`);
  }
  return { major, command: [...commands[task], ...(rest[0] === '--' ? rest.slice(1) : rest)] };
}

function run([file, ...args], env) {
  const shell = process.platform === 'win32';
  const child = spawn(file, args, { cwd: root, env, stdio: 'inherit', shell });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

try {
  const { major, command } = readArguments(process.argv.slice(2));
  const folders = [nodeFolder(major), pnpmFolder(), join(root, 'node_modules', '.bin')];
  const path = [...folders.filter((folder) => folder && existsSync(folder)), process.env.PATH];
  const env = { ...process.env, DO_NOT_TRACK: '1', PATH: path.join(delimiter) };
  if (installDependencies(env)) say('ready');
  run(command, env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
