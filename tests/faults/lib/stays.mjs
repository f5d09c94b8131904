// Who was there, as the clients saw it, held against the database by the independent oracle of attendance. A connection
// that a dead node had ends at its last lease; the gap until its person is back elsewhere is bridged.
import assert from "node:assert/strict";
import { attendance } from "../../e2e/lib/attendance.mjs";

const MOST_MS = 1000;

export class Stays {
  constructor({ crowd, pg, o }) {
    Object.assign(this, { crowd, pg, o, entries: new Map() });
    for (const member of crowd.members) {
      const entries = [];
      this.entries.set(member.person.registration, entries);
      const joined = member.onJoined;
      member.onJoined = (...args) => {
        const entry = { websocket: Date.now(), close: null };
        entries.push(entry);
        const { live } = member, closed = live.onClose;
        live.onClose = (code) => {
          entry.close = Date.now();
          closed?.(code);
        };
        joined?.(...args);
      };
    }
  }

  // The most that anybody's minutes are off, in ms.
  verify() {
    const now = Date.now();
    const rows = this.pg.sql(`SELECT p.registration_id, extract(epoch FROM p.joined_at), extract(epoch FROM coalesce(p.left_at, CASE WHEN n.stopped_at IS NULL AND n.renewed_at > now() - interval '2.5 seconds'
      THEN to_timestamp(${now / 1000}) ELSE n.lease_at END)) FROM span p JOIN node n ON n.id = p.node_id WHERE p.session_id = '${this.o.session}' AND p.kind = 'connected' AND p.registration_id IS NOT NULL`);
    const held = new Map();
    for (const [who, from, to] of rows) held.set(who, [...(held.get(who) ?? []), { websocket: Number(from) * 1000, close: Number(to) * 1000 }]);
    const live = [now - 3600000, now];
    let most = 0;
    for (const [who, entries] of this.entries) {
      if (entries.length === 0) continue;
      const should = attendance(entries, live).seconds, is = attendance(held.get(who) ?? [], live).seconds;
      most = Math.max(most, Math.abs(should - is) * 1000);
      assert.ok(Math.abs(should - is) * 1000 <= MOST_MS, `${who} was there for ${should} s, ${is} s are kept`);
    }
    return most;
  }
}
