import { Global, Module } from '@nestjs/common';
import { SupervisedLoops } from './supervised-loops.js';

@Global()
@Module({ providers: [SupervisedLoops], exports: [SupervisedLoops] })
export class SupervisionModule {}
