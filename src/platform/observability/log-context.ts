import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields every log line of one request, job or loop turn carries: `request_id`, `tenant`, `trace_id`, `task_id` ... */
export type LogFields = Record<string, string | number>;

const storage = new AsyncLocalStorage<LogFields>();

/** Runs `work` so that all log lines inside carry `fields` beside those of the surrounding work. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Runs `work` inside exactly this set of fields; the HTTP hooks use it, because a body's stream loses the context. */
export function withinLogFields<T>(fields: LogFields, work: () => T): T {
  return storage.run(fields, work);
}

/** Adds a field that became known on the way, such as the trace id of an answer; without surrounding work nothing happens. */
export function addLogField(name: string, value: string | number): void {
  const fields = storage.getStore();
  if (fields !== undefined) fields[name] = value;
}

export function currentLogFields(): Readonly<LogFields> {
  return storage.getStore() ?? {};
}
