// The typed REST client: JSON in and out, problem+json as ApiError, one function a route.
import type * as T from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly field: string | null = null,
    readonly reason: string | null = null,
  ) {
    super(code);
    this.name = 'ApiError';
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The error that a reply's problem document describes. */
export function problem(status: number, body: unknown): ApiError {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code = text(fields.code) ?? (status >= 500 ? 'server.error' : `http.${status}`);
  return new ApiError(status, code, text(fields.field), text(fields.reason));
}

async function readBody(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined;
  return response.json();
}

/** Called when the server says that nobody is signed in; main.tsx sends the person to sign in. */
export const whenSignedOut: { run: () => void } = { run: () => undefined };

export async function request<R>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<R> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-amphi'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    answer = await readBody(response);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'network');
  }
  if (response.ok) return answer as R;
  const failure = problem(response.status, answer);
  if (failure.status === 401 && failure.code === 'auth.required') whenSignedOut.run();
  throw failure;
}

/** A file as the raw body, with progress, which fetch cannot tell. */
export function upload<R>(
  path: string,
  file: Blob,
  type: string,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', path);
    call.setRequestHeader('x-amphi', '1');
    call.setRequestHeader('content-type', type);
    call.responseType = 'json';
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    call.onload = () =>
      call.status < 300 ? resolve(call.response as R) : reject(problem(call.status, call.response));
    call.onerror = () => reject(new ApiError(0, 'network'));
    call.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => call.abort());
    call.send(file);
  });
}

export function query(fields: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(fields))
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

const get = <R>(path: string, signal?: AbortSignal) => request<R>('GET', path, undefined, signal);
const post = <R = void>(path: string, body: unknown = {}) => request<R>('POST', path, body);
const patch = <R = void>(path: string, body: unknown) => request<R>('PATCH', path, body);
const put = <R = void>(path: string, body: unknown) => request<R>('PUT', path, body);
const remove = <R = void>(path: string) => request<R>('DELETE', path);

type Page = { cursor?: string | null; limit?: number };

export const api = {
  codes: () => get<T.Codes>('/api/codes'),
  me: () => get<T.Me>('/api/me'),
  changeMe: (change: { name?: string; language?: T.Language }) => patch('/api/me', change),
  setPassword: (password: string, current?: string) =>
    put('/api/me/password', current === undefined ? { password } : { password, current }),
  signIn: (email: string, password: string) =>
    post<{ me: T.Me }>('/api/sign-in', { email, password }),
  signInLink: (email: string) => post('/api/sign-in/link', { email }),
  passwordLink: (email: string) => post('/api/sign-in/password-link', { email }),
  signInToken: (token: string) =>
    post<{ me: T.Me; purpose: 'sign_in' | 'invite' | 'password' }>('/api/sign-in/token', { token }),
  signOut: () => post('/api/sign-out'),

  registrationPage: (code: string) =>
    get<T.RegistrationPage>(`/api/registration-pages/${encodeURIComponent(code)}`),
  register: (code: string, form: T.RegistrationForm) =>
    post(`/api/registration-pages/${encodeURIComponent(code)}`, form),
  sendLink: (code: string, email: string) =>
    post(`/api/registration-pages/${encodeURIComponent(code)}/send-link`, { email }),
  join: (token: string) => post<{ registration: T.MyRegistration }>('/api/join', { token }),
  cancelByLink: (token: string) => post('/api/join/cancel', { token }),
  myRegistration: () => get<T.MyRegistration>('/api/my/registration'),
  changeMyName: (name: { first_name: string; last_name: string }) =>
    patch<T.MyRegistration>('/api/my/registration', name),
  cancelMine: () => post('/api/my/cancel'),
  myDataPath: '/api/my/data',

  organisation: () => get<T.Organisation>('/api/organisation'),
  changeOrganisation: (change: Partial<Omit<T.Organisation, 'id'>>) =>
    patch<T.Organisation>('/api/organisation', change),
  consents: () => get<T.List<T.ConsentText>>('/api/organisation/consents'),
  addConsent: (text: { kind: T.ConsentKind; text_fr: string; text_en: string }) =>
    post<T.ConsentText>('/api/organisation/consents', text),
  staff: (page: Page = {}) => get<T.List<T.StaffMember>>(`/api/staff${query(page)}`),
  inviteStaff: (person: T.NewStaff) => post<T.StaffMember>('/api/staff', person),
  changeStaff: (id: string, change: { roles?: T.Role[]; disabled?: boolean; name?: string }) =>
    patch<T.StaffMember>(`/api/staff/${id}`, change),
  inviteAgain: (id: string) => post(`/api/staff/${id}/invite`),

  congresses: (page: Page = {}) => get<T.List<T.CongressSummary>>(`/api/congresses${query(page)}`),
  congress: (id: string) => get<T.Congress>(`/api/congresses/${id}`),
  addCongress: (fields: T.CongressFields) => post<T.Congress>('/api/congresses', fields),
  changeCongress: (id: string, fields: Partial<T.CongressFields>) =>
    patch<T.Congress>(`/api/congresses/${id}`, fields),
  addRoom: (congress: string, name: string) =>
    post<T.Named>(`/api/congresses/${congress}/rooms`, { name }),
  addTrack: (congress: string, name: string) =>
    post<T.Named>(`/api/congresses/${congress}/tracks`, { name }),
  addSession: (congress: string, fields: T.SessionFields) =>
    post<T.Session>(`/api/congresses/${congress}/sessions`, fields),
  session: (id: string) => get<T.Session>(`/api/sessions/${id}`),
  changeSession: (id: string, fields: Partial<T.SessionFields>) =>
    patch<T.Session>(`/api/sessions/${id}`, fields),
  publishSession: (id: string) => post<T.Session>(`/api/sessions/${id}/publish`),
  cancelSession: (id: string) => post<T.Session>(`/api/sessions/${id}/cancel`),

  profiles: (congress: string) =>
    get<T.List<T.TargetProfile>>(`/api/congresses/${congress}/target-profiles`),
  addProfile: (congress: string, fields: T.TargetProfileFields) =>
    post<T.TargetProfile>(`/api/congresses/${congress}/target-profiles`, fields),
  changeProfile: (id: string, fields: Partial<T.TargetProfileFields>) =>
    patch<T.TargetProfile>(`/api/target-profiles/${id}`, fields),
  removeProfile: (id: string) => remove(`/api/target-profiles/${id}`),
  previewProfile: (congress: string, criteria: T.Criteria) =>
    post<{ registered: number }>(`/api/congresses/${congress}/target-profiles/preview`, {
      criteria,
    }),
  links: (congress: string) => get<T.List<T.RegistrationLink>>(`/api/congresses/${congress}/links`),
  addLink: (congress: string, channel: string, label: string) =>
    post<T.RegistrationLink>(`/api/congresses/${congress}/links`, { channel, label }),
  registrations: (congress: string, page: Page & { q?: string }) =>
    get<T.List<T.Registration>>(`/api/congresses/${congress}/registrations${query(page)}`),
  eraseRegistration: (id: string) => post(`/api/registrations/${id}/erase`),
  cancelRegistration: (id: string) => post(`/api/registrations/${id}/cancel`),

  participation: (session: string) =>
    get<T.Participation>(`/api/sessions/${session}/participation`),
  attendancePath: (session: string) => `/api/sessions/${session}/attendance.csv?bom=1`,
  participationPath: (session: string) => `/api/sessions/${session}/participation.csv?bom=1`,
  audit: (page: Page = {}) => get<T.List<T.AuditEntry>>(`/api/audit${query(page)}`),

  decks: (session: string) => get<T.List<T.Deck>>(`/api/sessions/${session}/decks`),
  uploadDeck: (
    session: string,
    file: File,
    progress: (share: number) => void,
    stop?: AbortSignal,
  ) =>
    upload<T.Deck>(
      `/api/sessions/${session}/decks${query({ file_name: file.name })}`,
      file,
      'application/pdf',
      progress,
      stop,
    ),
  removeDeck: (id: string) => remove(`/api/decks/${id}`),
  pagePath: (deck: string, page: number, width: number) =>
    `/api/decks/${deck}/pages/${page}/${width}`,

  polls: (session: string) => get<T.List<T.Poll>>(`/api/sessions/${session}/polls`),
  addPoll: (session: string, fields: T.PollFields) =>
    post<T.Poll>(`/api/sessions/${session}/polls`, fields),
  changePoll: (id: string, fields: Partial<T.PollFields>) =>
    patch<T.Poll>(`/api/polls/${id}`, fields),
  removePoll: (id: string) => remove(`/api/polls/${id}`),
  orderPolls: (session: string, polls: string[]) =>
    put(`/api/sessions/${session}/polls/order`, { polls }),
};
