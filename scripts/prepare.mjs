// What a bare clone needs before anything of ours can run. Plain JavaScript for Node 20: nothing is installed or compiled yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** `engines` of package.json: what MikroORM 7 asks for. */
const LEAST_NODE = [22, 20];
const COMPILED = ['src', 'sandbox', 'launcher', 'migrations', 'bench'];
const BUILD_SETTINGS = ['.swcrc', 'nest-cli.json', 'package-lock.json'];
const LOCK_POLL_MS = 200;

// The compiler unpacks itself on first use: into the clone, so that nothing stays in the machine's temporary folder.
process.env.SWC_NATIVE_BINDING_CACHE ??= join(ROOT, 'node_modules', '.cache', 'swc');

/** Ends the process with one plain sentence instead of a stack trace. */
export function refuse(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** Installs and builds what is missing or outdated; one process at a time in one clone, the next one finds the work done. */
export async function prepare() {
  await alone(() => {
    if (!isInstalled()) install();
    if (!isBuilt()) build();
  });
}

/** The Node that runs the service: the one npm installed for this machine, else the one we run on. */
export function projectNode() {
  const packaged = join(ROOT, 'node_modules', '.bin', 'node');
  const serving = [packaged, process.execPath].find((candidate) => existsSync(candidate) && isRecent(candidate));
  if (serving !== undefined) return serving;
  return refuse(
    `This project needs Node ${LEAST_NODE.join('.')} or later; yours is ${process.versions.node}.\n` +
      `npm brings a fitting one along for Linux (x64, arm64) only; for this machine install it from https://nodejs.org`,
  );
}

function isRecent(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return false;
  const [major, minor] = stdout.slice(1).split('.').map(Number);
  return major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
}

/** npm writes its own lockfile into node_modules as the last step, so an interrupted installation has none. */
function isInstalled() {
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || (installed[path]?.version ?? (optional ? version : null)) === version);
}

function install() {
  console.error('Installing the dependencies (npm ci) ...');
  run(npmCommand(), ['ci', '--no-progress', '--loglevel=error'], 'npm ci failed: see its message above. It needs the npm registry once; later starts do not.');
}

/** The npm that runs us, else the one on the PATH. */
function npmCommand() {
  const { npm_execpath: script } = process.env;
  if (script?.endsWith('.js') && existsSync(script)) return [process.execPath, script];
  if (spawnSync('npm', ['--version']).status !== 0) refuse('npm was not found. It comes with Node: https://nodejs.org');
  return ['npm'];
}

function build() {
  console.error('Building ...');
  const fingerprint = sourceFingerprint(); // before the build: a file saved during it is built the next time
  run([projectNode(), join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js')], ['build'], 'The build failed: see the message above.');
  writeFileSync(join(ROOT, 'dist', '.sources'), fingerprint);
}

function isBuilt() {
  const stamp = join(ROOT, 'dist', '.sources');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceFingerprint();
}

function sourceFingerprint() {
  const files = COMPILED.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, name)));
  const hash = createHash('sha256');
  for (const file of [...files, ...BUILD_SETTINGS].sort()) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    if (/\.[a-z]+$/.test(file) && !file.endsWith('.spec.ts')) hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function run([command, ...first], args, failure) {
  // Both outputs go to standard error: standard output belongs to what the caller asked for, e.g. the one line of --json.
  const { status } = spawnSync(command, [...first, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) refuse(failure);
}

async function alone(work) {
  mkdirSync(join(ROOT, '.data'), { recursive: true });
  const lock = join(ROOT, '.data', 'preparing.pid');
  let told = false;
  while (!claim(lock)) {
    if (!told) console.error(`Waiting for another start in this folder (if there is none, delete ${lock}) ...`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  work();
  release();
  process.off('exit', release);
}

function claim(lock) {
  try {
    const file = openSync(lock, 'wx');
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isDead(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isDead(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder === 0) return false; // created, not yet written
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
