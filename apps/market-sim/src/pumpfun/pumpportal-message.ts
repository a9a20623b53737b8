/** Texts recorded from the real service: ../shared/protocols/samples/pumpportal_control_messages. */
const message = (text: string): string => JSON.stringify({ message: text });

export const ACK_NEW_TOKEN = message('Successfully subscribed to token creation events.');
export const ACK_MIGRATION = message("Subscribed to 'migration' events.");
export const ACK_KEYS = message('Successfully subscribed to keys.');
export const ACK_UNSUBSCRIBED = message('Unsubscribed.');
export const REFUSED_WITHOUT_KEY = message(
  "'subscribeTokenTrade' and 'subscribeAccountTrade' methods are only available when connecting with an API key funded with at least 0.02 SOL.",
);
export const INVALID_MESSAGE = JSON.stringify({
  errors:
    "Invalid message. 'method' must be 'subscribeNewToken', 'subscribeTokenTrade', 'subscribeAccountTrade', or 'subscribeMigration'.",
});

export type PumpPortalRequest =
  | { method: 'subscribeNewToken' | 'subscribeMigration' | 'unsubscribeNewToken' }
  | {
      method:
        | 'subscribeTokenTrade'
        | 'subscribeAccountTrade'
        | 'unsubscribeTokenTrade'
        | 'unsubscribeAccountTrade';
      keys: string[];
    };

/** Reads a client's frame; undefined for what the service answers with INVALID_MESSAGE. */
export function parsePumpPortalRequest(text: string): PumpPortalRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { method, keys } = value as { method?: unknown; keys?: unknown };
  switch (method) {
    case 'subscribeNewToken':
    case 'subscribeMigration':
    case 'unsubscribeNewToken':
      return { method };
    case 'subscribeTokenTrade':
    case 'subscribeAccountTrade':
    case 'unsubscribeTokenTrade':
    case 'unsubscribeAccountTrade': {
      if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) return undefined;
      return { method, keys };
    }
    default:
      return undefined;
  }
}
