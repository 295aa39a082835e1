import { CHANGE_DAYS, TASK_DAYS } from '../config/retention-settings.js';
import { keptDays } from './kept-days.js';

export const KEPT_TASKS = keptDays({
  name: 'retention.task_days',
  bounds: TASK_DAYS,
  variable: 'RETENTION_TASK_DAYS',
  of: 'taskDays',
  sentence: 'Tasks that ended so many days ago are deleted, and plans of a restore that expired.',
});

export const KEPT_CHANGES = keptDays({
  name: 'retention.change_days',
  bounds: CHANGE_DAYS,
  variable: 'RETENTION_CHANGE_DAYS',
  of: 'changeDays',
  sentence: 'Announcements of the change feed are deleted after so many days; a client that was away for longer reads its orders anew.',
});
