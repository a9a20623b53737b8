import fc from 'fast-check';

/** Random texts of valid candle strategies on 1m, for property tests. */
const { rule } = fc.letrec<{ number: string; rule: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('open', 'high', 'low', 'close', 'volume', '0', '1', '2.5', '99', '100.25'),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc
      .tuple(fc.constantFrom('sma', 'ema', 'rsi'), tie('number'), fc.integer({ min: 2, max: 8 }))
      .map(([name, input, period]) => `${name}(${input}, ${period})`),
    fc.integer({ min: 1, max: 6 }).map((period) => `atr(${period})`),
    fc
      .tuple(tie('number'), fc.constantFrom('line', 'signal', 'histogram'))
      .map(([input, output]) => `macd(${input}, 3, 6, 4).${output}`),
    fc
      .tuple(tie('number'), fc.constantFrom('upper', 'middle', 'lower'))
      .map(([input, output]) => `bollinger(${input}, 5, 1.5).${output}`),
    tie('number').map((operand) => `-${operand}`),
    fc
      .tuple(tie('number'), fc.constantFrom('5m', '15m'))
      .map(([operand, timeframe]) => `(${operand})@${timeframe}`),
  ),
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
      .map(([a, sign, b]) => `${a} ${sign} ${b}`),
    fc
      .tuple(fc.constantFrom('crossover', 'crossunder'), tie('number'), tie('number'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc
      .tuple(tie('rule'), fc.constantFrom('and', 'or'), tie('rule'))
      .map(([a, word, b]) => `(${a} ${word} ${b})`),
    tie('rule').map((operand) => `not (${operand})`),
  ),
}));

/** Inner `@` must not be shorter than an outer one, so a text with several may not compile: those are left out. */
const singleTimeframe = (text: string) => !(text.includes('@5m') && text.includes('@15m'));

export const anyStrategySource: fc.Arbitrary<string> = fc
  .tuple(rule, fc.option(rule))
  .map(([entry, exit]) => `timeframe 1m\nentry ${entry}${exit === null ? '' : `\nexit ${exit}`}`)
  .filter((text) => singleTimeframe(text) && text.length < 1_500);
