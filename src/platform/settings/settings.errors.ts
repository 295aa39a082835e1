import { Problem } from '../../core/problem.js';

export function settingNotFound(): Problem {
  return new Problem('SETTING_NOT_FOUND', { status: 404, detail: 'There is no such setting, or tenants cannot have their own value of it.' });
}

export function settingChanged(version: number): Problem {
  return new Problem('SETTING_CHANGED', {
    status: 412,
    detail: `The setting is no longer what If-Match says: somebody has changed it since, it has version ${String(version)} now.`,
    extra: { version },
  });
}
