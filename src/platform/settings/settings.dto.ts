import { ApiProperty } from '@nestjs/swagger';
import { IsNumber } from 'class-validator';
import { IntQuery } from '../http/query-decorators.js';
import { OptionalReason, RequiredReason } from './reason-decorator.js';

const LARGEST_VERSION = 2_147_483_647;
const SOURCES = ['default', 'set', 'tenant'] as const;
const TYPES = ['integer', 'decimal'] as const;

export class SetSettingBody {
  @ApiProperty({ type: 'number', example: 60, description: 'Within `minimum` and `maximum` of the setting, in its `unit`.' })
  @IsNumber({ allowInfinity: false, allowNaN: false })
  value!: number;

  @RequiredReason()
  reason!: string;
}

export class ResetSettingQuery {
  @OptionalReason()
  reason?: string;
}

export class SettingHistoryQuery {
  @IntQuery({ min: 1, max: 200, fallback: 50 })
  limit = 50;

  @IntQuery({ min: 1, max: LARGEST_VERSION, fallback: LARGEST_VERSION, description: 'Changes before this version: the `next_before` of the page before.' })
  before = LARGEST_VERSION;
}

export class SettingView {
  @ApiProperty({ example: 'retention.task_days' }) name!: string;
  @ApiProperty({ type: 'number', example: 60, description: 'What holds.' }) value!: number;
  @ApiProperty({ example: 'days' }) unit!: string;
  @ApiProperty({ enum: TYPES, example: 'integer' }) type!: (typeof TYPES)[number];
  @ApiProperty({ type: 'number', example: 30, description: 'What holds where nobody has set anything.' }) default!: number;
  @ApiProperty({ type: 'number', example: 1 }) minimum!: number;
  @ApiProperty({ type: 'number', example: 3650 }) maximum!: number;
  @ApiProperty({ example: 'Tasks that ended so many days ago are deleted.' }) description!: string;
  @ApiProperty({ enum: SOURCES, example: 'set', description: 'Where the value comes from: the default, the installation, or the tenant.' })
  source!: (typeof SOURCES)[number];
  @ApiProperty({ description: 'Tenants can have a value of their own.' }) per_tenant!: boolean;
  @ApiProperty({ type: String, nullable: true, example: 'RETENTION_TASK_DAYS', description: 'The variable of the environment that says the default.' })
  environment_variable!: string | null;
  @ApiProperty({ type: 'integer', example: 1, description: 'For If-Match, as the ETag says it; 0 when it was never changed.' }) version!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was changed last.' }) changed_at!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'olga', description: 'Who changed it last.' }) changed_by!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'audit asks for two months', description: 'Why, in their words.' }) reason!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Why the value in the database is not the one that holds, when it is not accepted.',
  })
  flaw!: string | null;
}

export class InstallationSettingView extends SettingView {
  @ApiProperty({ type: 'integer', example: 0, description: 'How many tenants have a value of their own.' }) tenants!: number;
}

export class InstallationSettingsView {
  @ApiProperty({ type: [InstallationSettingView], description: 'By name.' }) settings!: InstallationSettingView[];
}

export class TenantSettingView extends SettingView {
  @ApiProperty({ type: 'number', example: 12_000, description: 'What holds for tenants without a value of their own.' }) installation_value!: number;
}

export class TenantSettingsView {
  @ApiProperty({ example: 'shop-17' }) tenant_id!: string;
  @ApiProperty({ type: [TenantSettingView], description: 'Those a tenant can have a value of its own of, by name.' }) settings!: TenantSettingView[];
}

export class SettingChangeView {
  @ApiProperty({ type: 'integer', example: 1, description: 'Of the setting, after the change.' }) version!: number;
  @ApiProperty({ format: 'date-time' }) changed_at!: string;
  @ApiProperty({ example: 'olga', description: 'Who: the `sub` of the access token.' }) changed_by!: string;
  @ApiProperty({ type: 'number', nullable: true, example: null, description: 'Null: the default.' }) from!: number | null;
  @ApiProperty({ type: 'number', nullable: true, example: 60, description: 'Null: the default.' }) to!: number | null;
  @ApiProperty({ type: String, nullable: true, example: 'audit asks for two months', description: 'Text of people, show it as text.' }) reason!: string | null;
}

export class SettingHistoryView {
  @ApiProperty({ type: [SettingChangeView], description: 'Newest first.' }) changes!: SettingChangeView[];
  @ApiProperty({ type: 'integer', nullable: true, example: null, description: 'For `before`; null on the last page.' }) next_before!: number | null;
}
