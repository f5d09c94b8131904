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
  details: Record<string, unknown>;
}

export const api = {
  audit: (page: ListPage = {}) => get<List<AuditEntry>>(`/api/audit${query(page)}`),
};
