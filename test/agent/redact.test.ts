import { expect, test } from 'vitest';
import { redactor } from '../../src/agent/redact.ts';

test('credentials are blacked out wherever the environment keeps them', () => {
  const redact = redactor({
    ANTHROPIC_API_KEY: 'key-12345678',
    ANTHROPIC_AUTH_TOKEN: 'key-12345678-and-more',
    ANTHROPIC_CUSTOM_HEADERS: 'X-One: header-secret\nX-Two: other-secret',
    ANTHROPIC_BASE_URL: 'https://user:url-secret@example.org/v1',
    SHORT_TOKEN: 'abc',
    PATH: '/usr/bin:/usr/local/bin',
  });
  expect(redact('key-12345678-and-more key-12345678 header-secret other-secret url-secret')).toBe(
    '[redacted] [redacted] [redacted] [redacted] [redacted]',
  );
  expect(redact('abc /usr/bin:/usr/local/bin example.org')).toBe(
    'abc /usr/bin:/usr/local/bin example.org',
  );
});

test('so are the logins of web proxies and addresses, as they are written', () => {
  const redact = redactor({
    HTTPS_PROXY: 'http://me:pa%20ss-word@proxy.example.org:8080',
    http_proxy: 'token-in-place-of-name@proxy.example.org',
    NO_PROXY: 'localhost,127.0.0.1',
    ANTHROPIC_BASE_URL: 'https://example.org/v1',
  });
  expect(redact('pa%20ss-word token-in-place-of-name me:pa%20ss-word')).toBe(
    '[redacted] [redacted] [redacted]',
  );
  const open = 'http://proxy.example.org:8080 localhost,127.0.0.1 https://example.org/v1';
  expect(redact(open)).toBe(open);
});
