import {
  applyBuy,
  applySell,
  type BondingCurve,
  buyExactSolIn,
  buyExactTokensOut,
  type CurveFees,
  INITIAL_REAL_TOKEN_UNITS,
  isCurveComplete,
  LAMPORTS_PER_SOL,
  newBondingCurve,
  sellTokens,
} from '@onefeed/domain';
import { createRandom, exponential, hash32, logNormal } from '../random.ts';
import { derivedAddress, derivedSignature } from './address.ts';
import type { ChainEvent, ChainFacts, ChainToken } from './chain-event.ts';
import { type Pool, poolFromCurve, poolLamportsFor, poolTokensFor } from './pool.ts';
import {
  createBonkFrame,
  createFrame,
  curveTradeFrame,
  migrateFrame,
  poolTradeFrame,
  USDC_MINT,
} from './token-frame.ts';
import { nameToken } from './token-names.ts';
import { planToken } from './token-plan.ts';

/** One frame of the token stream. */
export interface TokenEvent {
  kind: 'create' | 'trade' | 'migrate';
  mint: string;
  /** Empty for a migration. */
  trader: string;
  text: string;
  signature: string;
  /** Token time, ms. */
  at: number;
  /** What the pump.fun program logs of it; undefined for other programs' business. */
  chain?: ChainFacts;
}

export interface TokenLife {
  readonly mint: string;
  /** Token time of the next event; Infinity when the token is dead. */
  nextAt(): number;
  /** Makes the event that is due. Undefined when there was nothing to do. */
  step(): TokenEvent | undefined;
  /** State for tests: reserves and every holder's balance. */
  readonly state: { curve: BondingCurve; pool: Pool | undefined; holders: ReadonlyMap<string, bigint> };
}

export interface TokenLifeOptions {
  seed: number;
  index: number;
  bornAt: number;
  /** Token time per wall time: the life in the pool is measured in wall time, so that exits can complete. */
  speed: number;
}

/** Frames tell the curve's amount without fees, so the trades here are made without them. */
const NO_FEES: CurveFees = { protocolBps: 0n, creatorBps: 0n };
/** Wallets that trade on many tokens. */
const WALLETS = 3_000;
/** Mayhem curves hold far less than 30 SOL of virtual quote. */
const MAYHEM_VIRTUAL_SOL_LAMPORTS = 3_700_000_000n;
const MIGRATION_DELAY_MS = { min: 80, max: 1_500 };
const POOL_LIFE_WALL_MS = { min: 90_000, max: 210_000 };
const POOL_GAP_WALL_MS = 700;
const REDUCED_FORM_SHARE = 0.1;
/** One trade in so many is followed by a second one under the same signature, as bundles are. */
const BUNDLE_ONE_IN = 30;
/** Recorded: 29 of 90 trades were of coins whose creator fee goes back to the traders. */
const CASHBACK_ONE_IN = 3;
const USDC_INITIAL_QUOTE = 4_292_000_000n;

type Phase = 'unborn' | 'curve' | 'complete' | 'pool' | 'dead';

export function createTokenLife({ seed, index, bornAt, speed }: TokenLifeOptions): TokenLife {
  const plan = planToken(seed, index);
  const names = nameToken(seed, index, plan.oddity);
  const random = createRandom(hash32(seed, 'life', index));
  const isMayhem = plan.oddity === 'mayhem';
  const holders = new Map<string, bigint>();
  let curve = newBondingCurve();
  let pool: Pool | undefined;
  let phase: Phase = 'unborn';
  let nextAt = bornAt;
  let endAt = bornAt + plan.lifeMs;
  let poolFrom = 0;
  let creatorSold = false;
  let signatures = 0;
  let lastSignature = '';
  /** The next trade belongs to the last one's transaction. */
  let bundled = false;

  const token: ChainToken = {
    mint: names.chainMint,
    curveAddress: names.curveAddress,
    creator: names.creator,
    name: names.name,
    symbol: names.symbol,
    uri: names.uri,
    mayhem: isMayhem,
    cashback: hash32(seed, 'cashback', index) % CASHBACK_ONE_IN === 0,
    quoteMint: plan.oddity === 'usdc' ? USDC_MINT : undefined,
    initialQuote:
      plan.oddity === 'usdc'
        ? USDC_INITIAL_QUOTE
        : isMayhem
          ? MAYHEM_VIRTUAL_SOL_LAMPORTS
          : 30n * LAMPORTS_PER_SOL,
  };
  const chain = (events: ChainEvent[], continues = false): ChainFacts => ({ token, events, continues });

  const signature = () => {
    signatures += 1;
    lastSignature = derivedSignature(seed, 'signature', index, signatures);
    return lastSignature;
  };
  const age = () => nextAt - bornAt;

  function hold(wallet: string, change: bigint): bigint {
    const balance = (holders.get(wallet) ?? 0n) + change;
    if (balance === 0n) holders.delete(wallet);
    else holders.set(wallet, balance);
    return balance;
  }

  function birth(): TokenEvent {
    const { mint, creator } = names;
    if (plan.oddity === 'bonk') {
      const text = createBonkFrame(signature(), names, plan.initialBuyLamports);
      phase = 'dead';
      return { kind: 'create', mint, trader: creator, text, signature: lastSignature, at: nextAt };
    }
    const bought =
      plan.fate === 'instant'
        ? buyExactTokensOut(curve, INITIAL_REAL_TOKEN_UNITS, NO_FEES)
        : buyExactSolIn(curve, plan.initialBuyLamports, NO_FEES);
    if (bought) {
      curve = applyBuy(curve, bought);
      hold(creator, bought.tokenUnits);
    }
    const text = createFrame(
      signature(),
      names,
      plan.oddity,
      bought?.tokenUnits ?? 0n,
      bought?.solLamports ?? 0n,
    );
    const quoteBelow30Sol = 30n * LAMPORTS_PER_SOL - token.initialQuote;
    curve = { ...curve, virtualSolLamports: curve.virtualSolLamports - quoteBelow30Sol };
    const events: ChainEvent[] = [
      { type: 'create', curve: { ...newBondingCurve(), virtualSolLamports: token.initialQuote } },
    ];
    // A USDC-paired coin is created without a buy: its price in SOL is nobody's business here.
    if (bought && plan.oddity !== 'usdc') {
      const { tokenUnits, solLamports } = bought;
      events.push({ type: 'trade', trader: creator, side: 'buy', tokenUnits, solLamports, curve });
      if (plan.fate === 'instant') events.push({ type: 'complete', trader: creator });
    }
    const at = nextAt;
    phase = plan.oddity === 'usdc' ? 'dead' : 'curve';
    afterCurveTrade();
    return {
      kind: 'create',
      mint,
      trader: creator,
      text,
      signature: lastSignature,
      at,
      chain: chain(events),
    };
  }

  function afterCurveTrade(): void {
    if (phase !== 'curve') return;
    if (!isMayhem && isCurveComplete(curve)) {
      phase = 'complete';
      const { min, max } = MIGRATION_DELAY_MS;
      nextAt += plan.fate === 'instant' ? min : min + random() * (max - min);
      return;
    }
    const creatorSellsAt = bornAt + plan.creatorSellsAtMs;
    const traded = nextAt + gapOnCurve();
    if (bundled) return;
    nextAt = creatorSold || nextAt >= creatorSellsAt ? traded : Math.min(traded, creatorSellsAt);
    if (nextAt > endAt) phase = 'dead';
  }

  /** Interest wanes with age except for a token on its way to completion. */
  function gapOnCurve(): number {
    const waning = plan.fate === 'graduate' ? 1 : 1 + (2 * age()) / plan.lifeMs;
    const gap = 20 + exponential(random, plan.meanGapMs * waning);
    return creatorSold ? gap * 0.6 : gap;
  }

  function pickHolder(): [string, bigint] | undefined {
    let left = Math.floor(random() * holders.size);
    for (const [wallet, balance] of holders) {
      if (left === 0) return wallet === names.creator ? undefined : [wallet, balance];
      left -= 1;
    }
    return undefined;
  }

  const pickWallet = () => {
    const member = Math.floor(random() * plan.crowd);
    return derivedAddress('wallet', hash32(seed, 'crowd', index, member) % WALLETS);
  };

  /** A part of a holding: all of it more often than not. */
  const partOf = (balance: bigint): bigint =>
    random() < 0.6 ? balance : (balance * BigInt(20 + Math.floor(random() * 70))) / 100n;

  function buyOnCurve(): TokenEvent | undefined {
    const budget = BigInt(Math.round(Math.min(12, logNormal(random, plan.medianBuySol, 0.8)) * 1e9));
    const bought = buyExactSolIn(curve, budget, NO_FEES);
    if (!bought) return undefined;
    curve = applyBuy(curve, bought);
    return curveTrade('buy', pickWallet(), bought.tokenUnits, bought.solLamports);
  }

  function sellOnCurve(wallet: string, units: bigint): TokenEvent | undefined {
    const sold = sellTokens(curve, units, NO_FEES);
    if (!sold) return undefined;
    curve = applySell(curve, sold);
    return curveTrade('sell', wallet, units, sold.solLamports);
  }

  function curveTrade(
    side: 'buy' | 'sell',
    trader: string,
    tokenUnits: bigint,
    solLamports: bigint,
  ): TokenEvent {
    const balanceUnits = hold(trader, side === 'buy' ? tokenUnits : -tokenUnits);
    const facts = {
      signature: bundled ? lastSignature : signature(),
      mint: names.mint,
      trader,
      side,
      tokenUnits,
      solLamports,
      balanceUnits,
    };
    const isComplete = !isMayhem && isCurveComplete(curve);
    bundled = !bundled && !isComplete && hash32(seed, 'bundle', index, signatures) % BUNDLE_ONE_IN === 0;
    const events: ChainEvent[] = [{ type: 'trade', trader, side, tokenUnits, solLamports, curve }];
    if (isComplete) events.push({ type: 'complete', trader });
    return {
      kind: 'trade',
      mint: names.mint,
      trader,
      text: curveTradeFrame(facts, curve, names.curveKey, isMayhem),
      signature: facts.signature,
      at: nextAt,
      chain: chain(events, bundled),
    };
  }

  function tradeOnCurve(): TokenEvent | undefined {
    if (!creatorSold && age() >= plan.creatorSellsAtMs) {
      creatorSold = true;
      const sold = sellOnCurve(names.creator, holders.get(names.creator) ?? 0n);
      if (sold) return sold;
    }
    const buyShare = creatorSold ? plan.buyShare * 0.4 : plan.buyShare;
    if (random() < buyShare) return buyOnCurve();
    const holder = pickHolder();
    if (holder) return sellOnCurve(holder[0], partOf(holder[1]));
    return buyOnCurve();
  }

  function migrate(): TokenEvent {
    pool = poolFromCurve(curve);
    phase = 'pool';
    poolFrom = nextAt;
    const { min, max } = POOL_LIFE_WALL_MS;
    endAt = nextAt + (min + random() * (max - min)) * speed;
    nextAt += 300 * speed;
    return {
      kind: 'migrate',
      mint: names.mint,
      trader: '',
      text: migrateFrame(signature(), names.mint),
      signature: lastSignature,
      at: poolFrom,
      chain: chain([{ type: 'migrate', ...pool }]),
    };
  }

  function tradeInPool(): TokenEvent | undefined {
    if (!pool) return undefined;
    const [early, late] = plan.poolBuyShare;
    const isLate = nextAt - poolFrom > (endAt - poolFrom) * 0.6;
    const holder = random() < (isLate ? late : early) ? undefined : pickHolder();
    let trader: string;
    let tokenUnits: bigint;
    let solLamports: bigint;
    if (holder) {
      trader = holder[0];
      tokenUnits = partOf(holder[1]) / 4n + 1n;
      solLamports = poolLamportsFor(pool, tokenUnits);
      pool = { solLamports: pool.solLamports - solLamports, tokenUnits: pool.tokenUnits + tokenUnits };
    } else {
      trader = pickWallet();
      solLamports = BigInt(Math.round(logNormal(random, 0.7, 0.7) * 1e9));
      tokenUnits = poolTokensFor(pool, solLamports);
      pool = { solLamports: pool.solLamports + solLamports, tokenUnits: pool.tokenUnits - tokenUnits };
    }
    if (tokenUnits === 0n || solLamports === 0n) return undefined;
    const balanceUnits = hold(trader, holder ? -tokenUnits : tokenUnits);
    const side = holder ? 'sell' : 'buy';
    const facts = {
      signature: signature(),
      mint: names.mint,
      trader,
      side,
      tokenUnits,
      solLamports,
      balanceUnits,
    } as const;
    const text = poolTradeFrame(facts, pool, random() < REDUCED_FORM_SHARE);
    return { kind: 'trade', mint: names.mint, trader, text, signature: lastSignature, at: nextAt };
  }

  return {
    mint: names.mint,
    nextAt: () => (phase === 'dead' ? Infinity : nextAt),
    get state() {
      return { curve, pool, holders };
    },
    step() {
      switch (phase) {
        case 'unborn':
          return birth();
        case 'curve': {
          const event = tradeOnCurve();
          afterCurveTrade();
          return event;
        }
        case 'complete':
          return migrate();
        case 'pool': {
          const event = tradeInPool();
          nextAt += (50 + exponential(random, POOL_GAP_WALL_MS)) * speed;
          if (nextAt > endAt) phase = 'dead';
          return event;
        }
        case 'dead':
          return undefined;
      }
    },
  };
}
