import { migrate } from './platform/database/migrate.js';
import { ConfigurationMistakes } from './platform/config/configuration.js';
import { migrationUrls } from './platform/config/connection-urls.js';

try {
  const { ownerUrl, serviceUrl } = migrationUrls(process.env);
  await migrate(ownerUrl.reveal(), serviceUrl.reveal());
  process.stdout.write('the database is up to date\n');
} catch (error) {
  if (!(error instanceof ConfigurationMistakes)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
