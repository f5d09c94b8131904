// The REST client: JSON in and out, problem+json as ApiError. Each feature's routes are in its api.ts.

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

/** Sends a file as the raw body. XMLHttpRequest reports the progress, which fetch cannot. */
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

export const get = <R>(path: string, signal?: AbortSignal) =>
  request<R>('GET', path, undefined, signal);
export const post = <R = void>(path: string, body: unknown = {}) => request<R>('POST', path, body);
export const patch = <R = void>(path: string, body: unknown) => request<R>('PATCH', path, body);
export const put = <R = void>(path: string, body: unknown) => request<R>('PUT', path, body);
export const remove = <R = void>(path: string) => request<R>('DELETE', path);

/** Which part of a list is asked for; the server pages lists by cursor. */
export type ListPage = { cursor?: string | null; limit?: number };
