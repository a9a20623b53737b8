import { InstrumentName } from '@onefeed/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What PumpPortal sends on its data socket. It publishes no schema: these are the fields seen in recorded
 * sessions. Amounts are floats in UI units (whole tokens, SOL). Fields we do not use are left out.
 */
const Signature = Type.String({ pattern: '^[A-Za-z0-9]{1,128}$' });
const Account = Type.String({ pattern: '^[A-Za-z0-9]{1,64}$' });
const Amount = Type.Number({ minimum: 0 });
const OptionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));

export const CreateFrame = Type.Object({
  txType: Type.Literal('create'),
  signature: Signature,
  mint: InstrumentName,
  traderPublicKey: Account,
  initialBuy: Amount,
  solAmount: Amount,
  vTokensInBondingCurve: Amount,
  vSolInBondingCurve: Amount,
  name: OptionalText,
  symbol: OptionalText,
  uri: OptionalText,
  /** Wrong for some coins: never used as an address. */
  bondingCurveKey: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** Absent in frames of 2025. */
  is_mayhem_mode: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  pool: Type.Literal('pump'),
});

/** After graduation only these six fields are sure to be there. */
export const TradeFrame = Type.Object({
  txType: Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
  signature: Signature,
  mint: InstrumentName,
  traderPublicKey: Account,
  tokenAmount: Amount,
  solAmount: Amount,
  vTokensInBondingCurve: Type.Optional(Amount),
  vSolInBondingCurve: Type.Optional(Amount),
  tokensInPool: Type.Optional(Amount),
  solInPool: Type.Optional(Amount),
  pool: Type.Optional(Type.String()),
});

export const MigrateFrame = Type.Object({
  txType: Type.Literal('migrate'),
  signature: Signature,
  mint: InstrumentName,
  pool: Type.String({ maxLength: 64 }),
});

export const MessageFrame = Type.Object({ message: Type.String() });
/** The key is plural, the value a text. */
export const ErrorsFrame = Type.Object({ errors: Type.String() });

export const createFrame = Compile(CreateFrame);
export const tradeFrame = Compile(TradeFrame);
export const migrateFrame = Compile(MigrateFrame);
export const messageFrame = Compile(MessageFrame);
export const errorsFrame = Compile(ErrorsFrame);

/** Answers to subscriptions, as recorded. They carry no id. */
export const CREATES_ACKNOWLEDGED = 'Successfully subscribed to token creation events.';
export const MIGRATIONS_ACKNOWLEDGED = "Subscribed to 'migration' events.";
export const KEYS_ACKNOWLEDGED = 'Successfully subscribed to keys.';
export const UNSUBSCRIBED = 'Unsubscribed.';
/** Start of the refusal of trade subscriptions without a funded key. */
export const TRADES_REFUSED = "'subscribeTokenTrade' and 'subscribeAccountTrade' methods are only available";
