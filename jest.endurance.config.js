import everyday from './jest.config.js';

/** Kill and soak runs of minutes; `npm test` runs a short version of each. */
export default { ...everyday, testRegex: '/test/endurance/.*\\.spec\\.ts$', maxWorkers: 1 };
