// What the browser does with passkeys (W3C WebAuthn), in the words of the server's routes. The person
// chooses in the browser's own window, and may close it.
import { ApiError } from '../../net/api';
import type { PasskeyAsked, PasskeyMade, PasskeyToMake, PasskeyUsed } from './api';

/** Whether this browser knows passkeys at all. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential === 'function';

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const listed = (ids: readonly string[]): PublicKeyCredentialDescriptor[] =>
  ids.map((id) => ({ type: 'public-key', id: bytes(id) }));

const FAULTS: Readonly<Record<string, string>> = {
  NotAllowedError: 'passkey.closed',
  AbortError: 'passkey.closed',
  InvalidStateError: 'passkey.exists',
  SecurityError: 'passkey.no_site',
};

/** The credential; what the browser refuses is told like a refusal of the server. */
async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!hasPasskeys()) throw new ApiError(0, 'passkey.none');
  try {
    const found = await ask();
    if (found instanceof PublicKeyCredential) return found;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new ApiError(0, FAULTS[name] ?? 'passkey.failed');
  }
  throw new ApiError(0, 'passkey.failed');
}

const ES256 = -7;
const RS256 = -257;
const TIMEOUT_MS = 4 * 60_000; // less than the server waits

export async function makePasskey(options: PasskeyToMake): Promise<PasskeyMade> {
  const { user } = options;
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytes(options.challenge),
        rp: { id: options.rp_id, name: options.rp_name },
        user: { id: bytes(user.id), name: user.name, displayName: user.display_name },
        pubKeyCredParams: [ES256, RS256].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        excludeCredentials: listed(options.exclude),
        attestation: 'none',
        timeout: TIMEOUT_MS,
      },
    }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  return { client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
}

export async function usePasskey(options: PasskeyAsked): Promise<PasskeyUsed> {
  const used = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: bytes(options.challenge),
        rpId: options.rp_id,
        allowCredentials: listed(options.allow),
        userVerification: 'required',
        timeout: TIMEOUT_MS,
      },
    }),
  );
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: text(used.rawId),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
    user: response.userHandle ? text(response.userHandle) : null,
  };
}
