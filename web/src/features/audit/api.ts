// The audit log (server/features/audit/openapi.yaml).
import { get, type ListPage, query } from '../../net/api';
import type { List } from '../../net/types';

export interface AuditEntry {
  id: string | number;
  at: string;
  actor_kind: 'account' | 'registration' | 'system' | 'admin';
  actor_id: string | null;
  actor_name?: string | null;
  action: string;
  object_kind: string;
  object_id: string | null;
  /** As it is called now; null: it has no name, or is gone. */
  object_name: string | null;
  details: Record<string, unknown>;
}

/** What changed, or who read and exported whom; absent: both. */
export type AuditPart = 'changes' | 'reads';

export const api = {
  audit: (page: ListPage & { part?: AuditPart | null } = {}) =>
    get<List<AuditEntry>>(`/api/audit${query(page)}`),
};
