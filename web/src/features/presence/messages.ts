// server/PROTOCOL.md#presence-and-participation.
import { number, object } from '../../net/decode';

export const states = { 'presence.count': object({ people: number }) };
