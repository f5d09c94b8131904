// The REST client: JSON in and out, problem+json as ApiError. Each feature's routes are in its api.ts.
// What the server refused because too many came at once is sent again by itself (patience.ts).
import { Patience } from './patience';

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

/** A browser may be signed in twice: as staff, and as an HCP. */
export type Side = 'staff' | 'hcp';

/** HCPs have routes of their own; all others are staff's, or anybody's. */
export const sideOf = (path: string): Side => (path.startsWith('/api/my/') ? 'hcp' : 'staff');

interface SignIns {
  /** For whom this tab acts; null while that is not known. The server refuses to act for somebody else. */
  person(side: Side): string | null;
  /** The server says that nobody is signed in. */
  ended(side: Side): void;
  /** The server says that somebody else is signed in. */
  replaced(side: Side): void;
}

/** What state/me.ts knows of sign-ins, and wants to know. */
export const signIns: SignIns = {
  person: () => null,
  ended: () => undefined,
  replaced: () => undefined,
};

/** The address of something that the browser fetches by itself, for whom this tab acts. */
export function named(path: string): string {
  const person = signIns.person(sideOf(path));
  return person ? `${path}${path.includes('?') ? '&' : '?'}person=${person}` : path;
}

function tell({ status, code }: ApiError, side: Side): void {
  if (status === 401 && code === 'auth.required') signIns.ended(side);
  if (code === 'auth.other_person') signIns.replaced(side);
}

/** Called when a route wants the person to show that it is them; state/proof.ts asks them. False: they would not. */
export const whenStale: { run: () => Promise<boolean> } = { run: async () => false };

/** One try. */
async function ask(path: string, init: RequestInit): Promise<[Response, unknown]> {
  try {
    const response = await fetch(path, init);
    return [response, await readBody(response)];
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'network');
  }
}

/** `side`: whose sign-in it takes; null: whoever is signed in. */
export async function request<R>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  side: Side | null = sideOf(path),
): Promise<R> {
  const person = side && signIns.person(side);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (person) headers['x-amphi-person'] = person;
  if (method !== 'GET') headers['x-amphi'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const patience = new Patience(method === 'GET', signal);
  for (;;) {
    const [response, answer] = await ask(path, init);
    if (response.ok) return answer as R;
    const retryAfter = response.headers.get('retry-after');
    if (await patience.waits({ status: response.status, retryAfter })) continue;
    const failure = problem(response.status, answer);
    if (failure.code === 'auth.fresh' && (await whenStale.run())) continue;
    if (side) tell(failure, side);
    throw failure;
  }
}

type Progress = (share: number) => void;

/** One try. XMLHttpRequest reports the progress, which fetch cannot. */
function send(path: string, file: Blob, type: string, progress: Progress, signal?: AbortSignal) {
  return new Promise<XMLHttpRequest>((resolve, reject) => {
    const call = new XMLHttpRequest();
    const person = signIns.person('staff');
    call.open('POST', path);
    call.setRequestHeader('x-amphi', '1');
    if (person) call.setRequestHeader('x-amphi-person', person);
    call.setRequestHeader('content-type', type);
    call.responseType = 'json';
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    call.onload = () => resolve(call);
    call.onerror = () => reject(new ApiError(0, 'network'));
    call.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => call.abort());
    call.send(file);
  });
}

/** Sends a file as the raw body. */
export async function upload<R>(
  path: string,
  file: Blob,
  type: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<R> {
  const patience = new Patience(false, signal);
  for (;;) {
    const call = await send(path, file, type, progress, signal);
    if (call.status < 300) return call.response as R;
    const retryAfter = call.getResponseHeader('retry-after');
    if (await patience.waits({ status: call.status, retryAfter })) continue;
    const failure = problem(call.status, call.response);
    tell(failure, 'staff');
    throw failure;
  }
}

export function query(fields: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(fields))
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

export const get = <R>(path: string, signal?: AbortSignal) =>
  request<R>('GET', path, undefined, signal);
export const post = <R = void>(path: string, body: unknown = {}) => request<R>('POST', path, body);
export const patch = <R = void>(path: string, body: unknown) => request<R>('PATCH', path, body);
export const put = <R = void>(path: string, body: unknown) => request<R>('PUT', path, body);
export const remove = <R = void>(path: string) => request<R>('DELETE', path);

/** Which part of a list is asked for; the server pages lists by cursor. */
export type ListPage = { cursor?: string | null; limit?: number };
