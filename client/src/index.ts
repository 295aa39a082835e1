export { connect, type ConnectSettings } from './connect.js';
export { followChanges, type FollowSettings } from './follow-changes.js';
export type { Client } from './generated/client/types.gen.js';
export * from './generated/sdk.gen.js';
export type * from './generated/types.gen.js';
export { everyOrder, pages } from './pages.js';
export { ServiceProblem } from './service-problem.js';
