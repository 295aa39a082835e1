import { Injectable } from '@nestjs/common';
import { ExportFiles } from './exports.read-model.js';
import { ExportVault } from './export-vault.service.js';

/** Export files as rows and as bytes. */
@Injectable()
export class ExportParts {
  constructor(
    readonly files: ExportFiles,
    readonly vault: ExportVault,
  ) {}
}
