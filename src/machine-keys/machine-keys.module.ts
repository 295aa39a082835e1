import { Module } from '@nestjs/common';
import { MachineKeysController } from './machine-keys.controller.js';
import { MachineKeysReadModel } from './machine-keys.read-model.js';
import { MachineKeys } from './machine-keys.service.js';

/** Making and ending the keys of machines; what checks them stands in front of every call, in the platform's access. */
@Module({ controllers: [MachineKeysController], providers: [MachineKeys, MachineKeysReadModel] })
export class MachineKeysModule {}
