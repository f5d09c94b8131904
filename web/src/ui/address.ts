// Addresses that are pasted from mail programs come with a name: "Anne Martin <anne@labo.fr>".

const NAMED = /^[^<>]*<\s*([^<>\s]+@[^<>\s]+)\s*>[\s;,.]*$/;

/** The address of what was pasted; anything else as it is. The server takes off what else came along. */
export function bareAddress(typed: string): string {
  return NAMED.exec(typed)?.[1] ?? typed.replace(/^\s*mailto:/i, '');
}
