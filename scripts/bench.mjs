// `npm run bench:NAME`: installs and builds what a bare clone lacks, then runs dist/bench/NAME.js. Plain JavaScript for Node 20.
import { join } from 'node:path';
import { prepare, projectNode, ROOT } from './prepare.mjs';
import { runChild } from './run-child.mjs';

const [name, ...args] = process.argv.slice(2);
await prepare();
process.exit(await runChild(projectNode(), ['--enable-source-maps', join(ROOT, 'dist', 'bench', `${name}.js`), ...args], {}));
