import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Global, Module } from '@nestjs/common';
import { AllegroModule } from '../allegro/allegro.module.js';
import { AccountDirectory } from '../platform/http/access/account-directory.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountNames } from './account-names.service.js';
import { AccountRecord } from './account.entity.js';
import { Accounts } from './accounts.read-model.js';
import { ExpiringTokenWatch } from './expiring-token-watch.service.js';
import { ExpiringTokensController } from './expiring-tokens.controller.js';
import { ExpiringTokens } from './expiring-tokens.service.js';
import { Leaders } from './leaders.service.js';
import { MasterKeyCheck } from './master-key-check.service.js';
import { PairCheck } from './pair-check.service.js';
import { PairVault } from './pair-vault.service.js';
import { RunningRefreshes } from './running-refreshes.service.js';
import { SellerLookup } from './seller-lookup.service.js';
import { SpendRefreshToken } from './spend-refresh-token.service.js';
import { TokenAccounts } from './token-accounts.service.js';
import { TokenImport } from './token-import.service.js';
import { TokenLinking } from './token-linking.service.js';
import { TokenOwner } from './token-owner.service.js';
import { TokenPairs } from './token-pairs.read-model.js';
import { TokenRefresh } from './token-refresh.service.js';
import { TokenStateListeners } from './token-state-listeners.service.js';
import { TokenUseController } from './token-use.controller.js';
import { TokenRecord } from './token.entity.js';
import { TokensController } from './tokens.controller.js';
import { TokenTasks } from './tokens.jobs.js';
import { TokenReadModel } from './tokens.read-model.js';
import { Tokens } from './tokens.service.js';
import { UnfinishedRefreshes } from './unfinished-refreshes.service.js';

/** Sealed tokens of sellers, one refresh at a time, and the accounts they stand for. Global for the AccountDirectory, which lower levels ask. */
@Global()
@Module({
  imports: [AllegroModule, MikroOrmModule.forFeature([AccountRecord, TokenRecord])],
  controllers: [ExpiringTokensController, TokenUseController, TokensController],
  providers: [
    AccountChanges,
    AccountNames,
    Accounts,
    ExpiringTokenWatch,
    ExpiringTokens,
    Leaders,
    MasterKeyCheck,
    PairCheck,
    PairVault,
    RunningRefreshes,
    SellerLookup,
    SpendRefreshToken,
    TokenAccounts,
    TokenImport,
    TokenLinking,
    TokenOwner,
    TokenPairs,
    TokenReadModel,
    TokenRefresh,
    TokenStateListeners,
    TokenTasks,
    Tokens,
    UnfinishedRefreshes,
    { provide: AccountDirectory, useExisting: TokenAccounts },
  ],
  exports: [AccountDirectory, AccountNames, Leaders, PairVault, SellerLookup, TokenAccounts, TokenLinking, TokenStateListeners, Tokens],
})
export class TokensModule {}
