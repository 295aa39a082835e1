import { migrate } from './platform/database/migrate.js';
import { migrationUrls } from './platform/config/migration-urls.js';

const { ownerUrl, serviceUrl } = migrationUrls(process.env);
await migrate(ownerUrl, serviceUrl);
process.stdout.write('the database is up to date\n');
