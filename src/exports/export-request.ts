import type { ExportFilter } from '../orders/orders-for-export.read-model.js';
import type { TenantScope } from '../platform/http/access/tenant-scope.js';
import { validationFailed } from '../platform/http/http.errors.js';
import type { OrderExportRequest } from './exports.dto.js';
import type { ExportFormat, ExportOptions } from './rendition.js';

export interface Asked {
  readonly format: ExportFormat;
  readonly options: ExportOptions;
  readonly filters: ExportFilter;
}

/** What a request asks for, with its defaults and within what the caller may see. @throws Problem VALIDATION_FAILED (422) where a span of time ends before it begins */
export function askedOf(request: OrderExportRequest, { seesPersonalData }: TenantScope): Asked {
  const { token_id: _, format = 'csv', delimiter = ',', bom = false, ...filters } = withoutNulls(request);
  refuseReversed(filters, 'from_date', 'to_date');
  refuseReversed(filters, 'dispatch_from', 'dispatch_to');
  return { format, options: { delimiter, bom, withheld: !seesPersonalData }, filters };
}

/** A body may say null for what it does not ask for. */
function withoutNulls(request: OrderExportRequest): OrderExportRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null)) as unknown as OrderExportRequest;
}

function refuseReversed(filters: ExportFilter, from: 'from_date' | 'dispatch_from', to: 'to_date' | 'dispatch_to'): void {
  const [start, end] = [filters[from], filters[to]];
  if (start && end && start > end) throw validationFailed([{ field: from, message: `must not be later than ${to}` }]);
}
