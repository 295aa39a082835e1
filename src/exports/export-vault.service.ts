import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { open, seal } from '../platform/vault/seal.js';
import type { Piece } from './export-file.js';
import { ExportFiles } from './exports.read-model.js';

const compress = promisify(gzip);
const expand = promisify(gunzip);
/** A quarter of the best level's time, for a tenth more bytes. */
const FAST = { level: constants.Z_BEST_SPEED };

const ownerOf = (exportId: string, startsAt: number) => `export:${exportId}:${String(startsAt)}`;

/** The bytes of export files as they are stored: in pieces, each compressed and sealed for its place in its file. */
@Injectable()
export class ExportVault {
  constructor(
    @Inject(CONFIGURATION) private readonly config: Configuration,
    private readonly files: ExportFiles,
  ) {}

  async seal(exportId: string, startsAt: number, plain: Buffer): Promise<Piece> {
    const packed = await compress(plain, FAST);
    return { startsAt, length: plain.length, sealed: seal(this.config.masterKeys, packed, ownerOf(exportId, startsAt)) };
  }

  /**
   * The plain bytes from `from` up to, not with, `to`, piece by piece.
   * @throws when a piece is missing: then the file was deleted meanwhile, and what was read of it is no whole file
   */
  async *bytes(exportId: string, from: number, to: number): AsyncGenerator<Buffer> {
    let at = from;
    while (at < to) {
      const piece = await this.files.pieceAt(exportId, at);
      if (!piece) throw new Error('a piece of the export file is not there any more');
      const plain = await expand(open(this.config.masterKeys, piece.sealed, ownerOf(exportId, piece.startsAt)));
      yield plain.subarray(at - piece.startsAt, to - piece.startsAt);
      at = piece.startsAt + piece.length;
    }
  }
}
