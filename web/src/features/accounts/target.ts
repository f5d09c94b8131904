/** Where to go after sign-in: a path of this site, nothing else. */
export function safeTarget(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '';
  return /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/congresses';
}
