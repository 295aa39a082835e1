import { Module } from '@nestjs/common';

/** How requests come in and answers go out: access, validation, problems, documentation. */
@Module({})
export class HttpModule {}
