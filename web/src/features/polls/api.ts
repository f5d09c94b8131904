// Polls as those who prepare a session handle them (server/features/polls/openapi.yaml).
import { get, patch, post, put, remove } from '../../net/api';
import type { List } from '../../net/types';
import type { Poll } from './messages';

interface PollFields {
  question: string;
  choice: Poll['choice'];
  options: string[];
}

export const api = {
  polls: (session: string) => get<List<Poll>>(`/api/sessions/${session}/polls`),
  addPoll: (session: string, fields: PollFields) =>
    post<Poll>(`/api/sessions/${session}/polls`, fields),
  changePoll: (id: string, fields: Partial<PollFields>) => patch<Poll>(`/api/polls/${id}`, fields),
  removePoll: (id: string) => remove(`/api/polls/${id}`),
  orderPolls: (session: string, polls: string[]) =>
    put(`/api/sessions/${session}/polls/order`, { polls }),
};
