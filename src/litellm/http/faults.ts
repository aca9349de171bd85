import type { ErrorKind } from '../../base/errors.ts';

/** What can go wrong on the way to a server, and what to do about it. */
export type Fault = {
  readonly kind?: ErrorKind;
  /** Follows the server's address. */
  readonly text: string;
  readonly hint: string;
  /** It happened before the request was sent, so the server has not heard of it. */
  readonly early?: true;
  /** The same request will not succeed a moment later. */
  readonly permanent?: true;
};

const TLS = { early: true, permanent: true } as const;
const TRUST =
  'If your own authority signed it, give that certificate with --ca-file; --insecure would not check it at all.';

export const SILENT: Fault = {
  kind: 'timeout',
  text: 'does not take up connections',
  hint: 'Check the port in --url, your VPN and firewall.',
  early: true,
};

export const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [
    /^ECONNREFUSED$/,
    { text: 'refuses connections', hint: 'Is the server running, and is this its port? See --url.', early: true },
  ],
  [
    /^ENOTFOUND$/,
    { text: 'has a host name that nobody knows', hint: 'Check the spelling in --url, and your VPN.', ...TLS },
  ],
  [/^EAI_/, { text: 'has a host name that cannot be looked up now', hint: 'Check your network and VPN.', early: true }],
  [
    /^(EHOST|ENET)(UNREACH|DOWN)$/,
    { text: 'cannot be reached from here', hint: 'Check your network, VPN and firewall.', early: true },
  ],
  [/^UND_ERR_CONNECT_TIMEOUT$/, SILENT],
  [/^(ETIMEDOUT|UND_ERR_(HEADERS|BODY)_TIMEOUT)$/, { kind: 'timeout', text: 'stopped answering', hint: 'Try again.' }],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      text: 'has a certificate that has expired',
      hint: 'Have it renewed; see also the clock of this machine.',
      ...TLS,
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    { text: 'has a certificate that is not valid yet', hint: 'Check the clock of this machine.', ...TLS },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      text: 'has a certificate for another name',
      hint: 'Give --url one of the names that the certificate is for.',
      ...TLS,
    },
  ],
  [/SELF_SIGNED_CERT/, { text: 'has a self-signed certificate that is not trusted', hint: TRUST, ...TLS }],
  [
    /^(UNABLE_TO_|CERT_|INVALID_CA|PATH_LENGTH)/,
    { text: 'has a certificate of an authority that is not trusted', hint: TRUST, ...TLS },
  ],
  [
    /^ERR_SSL_.*ALERT_CERTIFICATE_REQUIRED$/,
    { text: 'wants a certificate from you', hint: 'Give it with --client-cert and --client-key.', ...TLS },
  ],
  [
    /^ERR_SSL_(.*ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/,
    { text: 'speaks only an old TLS that is not safe', hint: 'Have it offer TLS 1.2 or newer.', ...TLS },
  ],
  [
    /^ERR_SSL_.*ALERT/,
    { text: 'broke the TLS handshake off', hint: 'Does it accept your --client-cert, if you gave one?', ...TLS },
  ],
  [
    /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG))$/,
    { text: 'does not speak TLS', hint: 'Is it http:// instead of https:// in --url?', ...TLS },
  ],
  [
    /^(HPE_|HTTPParserError)/,
    { kind: 'protocol', text: 'does not speak HTTP', hint: 'Check the port in --url; is it https:// there?' },
  ],
  [
    /^UND_ERR_HEADERS_OVERFLOW$/,
    {
      kind: 'protocol',
      text: 'answers with headers without end',
      hint: 'Is this the address of a LiteLLM proxy?',
      permanent: true,
    },
  ],
  [/^UND_ERR_PRX_TLS$/, { text: 'has a certificate that is not trusted', hint: TRUST, ...TLS }],
];
/* A server that wants a certificate, or TLS, is often no clearer than this. */
export const CUT: Fault = {
  text: 'cut the connection',
  hint: 'Run the same command again: it goes on where it stopped. If it is always so: mind http or https in --url, and --client-cert.',
};

/** By a proxy. */
export const REFUSED: Fault = { text: 'did not let the request pass', hint: '', ...TLS };
