import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { CurrentScope, Public, Roles } from '../../src/platform/http/access/access.decorators.js';
import type { TenantScope } from '../../src/platform/http/access/tenant-scope.js';
import { Deprecated } from '../../src/platform/http/deprecated.decorator.js';
import { BooleanQuery, ClampedIntQuery, InstantQuery, IntQuery } from '../../src/platform/http/query-decorators.js';

export class ProbeQuery {
  @IntQuery({ min: 1, max: 100, fallback: 50 }) limit = 50;
  @ClampedIntQuery({ min: 1, max: 100, fallback: 10 }) per_page = 10;
  @BooleanQuery() flag?: boolean;
  @InstantQuery() from_date?: Date;
}

export class ProbeBody {
  @IsString() @MaxLength(64) account_name!: string;
  @IsOptional() @IsInt() count?: number;
}

function seen(scope: TenantScope): Record<string, unknown> {
  return { ...scope, roles: [...scope.roles].sort() };
}

/** Shows what the pipeline hands to a handler. */
@Controller('probe')
export class ProbeController {
  /** Calls that reached a handler. */
  static handled = 0;

  @Get() scope(@CurrentScope() scope: TenantScope): unknown {
    ProbeController.handled += 1;
    return seen(scope);
  }

  @Get('query') query(@Query() query: ProbeQuery): unknown {
    return query;
  }

  @Get('operators') @Roles('operator') operators(@CurrentScope() scope: TenantScope): unknown {
    return seen(scope);
  }

  @Get('staff') @Roles('operator', 'support') staff(@CurrentScope() scope: TenantScope): unknown {
    return seen(scope);
  }

  @Get('public') @Public() open(): unknown {
    return { open: true };
  }

  @Get('failure') failure(): never {
    throw new Error('select secret_column from hidden_table failed at /srv/app/secret.ts');
  }

  @Get('items/:id') item(@Param('id') id: string): unknown {
    return { id };
  }

  @Post() write(@Body() body: ProbeBody): unknown {
    ProbeController.handled += 1;
    return { ...body };
  }

  @Post('bare') bare(@CurrentScope() scope: TenantScope): unknown {
    return seen(scope);
  }

  @Get('old')
  @Deprecated({ since: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z'), instead: 'https://orders.example.com/docs' })
  old(): unknown {
    return { old: true };
  }

  @Delete('items/:id') remove(@Param('id') id: string): unknown {
    return { id };
  }
}
