// `npm run interface`: writes docs/openapi.json and the generated client from the code. Plain JavaScript for Node 20.
import { join } from 'node:path';
import { prepare, projectNode, ROOT } from './prepare.mjs';
import { runChild } from './run-child.mjs';

await prepare();
const hooks = join(ROOT, 'test', 'support', 'typescript-hooks.mjs');
process.exit(await runChild(projectNode(), ['--import', hooks, join(ROOT, 'scripts', 'write-interface.mjs')], {}));
