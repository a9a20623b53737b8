import {
  EmbeddedActionsParser,
  type IParserErrorMessageProvider,
  type IToken,
  type TokenType,
  tokenLabel,
} from 'chevrotain';
import * as word from './lexer.ts';
import type { Position } from './strategy-error.ts';
import type { BinarySymbol, ParamSyntax, StrategySyntax, Syntax } from './syntax.ts';

export function positionOf(token: IToken): Position {
  return { line: token.startLine ?? 1, column: token.startColumn ?? 1 };
}

const found = (token: IToken | undefined) =>
  token === undefined || token.image === '' ? 'the end of the text' : `\`${token.image.slice(0, 40)}\``;

const oneOf = (types: readonly TokenType[]) => [...new Set(types.map((type) => tokenLabel(type)))].join(', ');

/** Messages in the writer's words: what was expected, what was found. */
const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${tokenLabel(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `expected \`entry\`, \`exit\`, \`param\`, \`timeframe\` or the end of the text, found ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) => {
    const first = expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => path.slice(0, 1)));
    return `expected ${oneOf(first)}, found ${found(actual[0])}`;
  },
  buildEarlyExitMessage: ({ expectedIterationPaths, actual }) =>
    `expected ${oneOf(expectedIterationPaths.flatMap((path) => path.slice(0, 1)))}, found ${found(actual[0])}`,
};

/** Weakest first: or, and, not, comparison, + -, * /, unary minus, `.output` and `@timeframe`. */
class StrategyParser extends EmbeddedActionsParser {
  constructor() {
    super(word.TOKEN_TYPES, { errorMessageProvider: messages, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  strategy = this.RULE('strategy', (): StrategySyntax => {
    const strategy: StrategySyntax = {
      tokenKeywords: [],
      timeframes: [],
      params: [],
      entries: [],
      exits: [],
    };
    this.MANY(() => {
      this.OR([
        { ALT: () => strategy.tokenKeywords.push(positionOf(this.CONSUME(word.TokenKeyword))) },
        {
          ALT: () => {
            this.CONSUME(word.TimeframeKeyword);
            const name = this.CONSUME(word.TimeframeName);
            strategy.timeframes.push({ name: name.image, at: positionOf(name) });
          },
        },
        { ALT: () => strategy.params.push(this.SUBRULE(this.param)) },
        {
          ALT: () => {
            const at = positionOf(this.CONSUME(word.Entry));
            strategy.entries.push({ at, rule: this.SUBRULE1(this.either) });
          },
        },
        {
          ALT: () => {
            const at = positionOf(this.CONSUME(word.Exit));
            strategy.exits.push({ at, rule: this.SUBRULE2(this.either) });
          },
        },
      ]);
    });
    return strategy;
  });

  private param = this.RULE('param', (): ParamSyntax => {
    this.CONSUME(word.Param);
    const name = this.CONSUME(word.Identifier);
    this.CONSUME(word.Equals);
    const value = this.SUBRULE1(this.signedNumber);
    this.CONSUME(word.In);
    const minimum = this.SUBRULE2(this.signedNumber);
    this.CONSUME(word.Range);
    const maximum = this.SUBRULE3(this.signedNumber);
    return { name: name.image, value, minimum, maximum, at: positionOf(name) };
  });

  private signedNumber = this.RULE('signedNumber', (): number => {
    const minus = this.OPTION(() => this.CONSUME(word.Minus));
    const value = Number(this.CONSUME(word.NumberLiteral).image);
    return minus === undefined ? value : -value;
  });

  private either = this.RULE('either', (): Syntax => {
    let left = this.SUBRULE1(this.both);
    this.MANY(() => {
      const at = positionOf(this.CONSUME(word.Or));
      left = { type: 'binary', symbol: 'or', left, right: this.SUBRULE2(this.both), at };
    });
    return left;
  });

  private both = this.RULE('both', (): Syntax => {
    let left = this.SUBRULE1(this.negation);
    this.MANY(() => {
      const at = positionOf(this.CONSUME(word.And));
      left = { type: 'binary', symbol: 'and', left, right: this.SUBRULE2(this.negation), at };
    });
    return left;
  });

  private negation = this.RULE('negation', (): Syntax => {
    const signs: Position[] = [];
    this.MANY(() => {
      signs.push(positionOf(this.CONSUME(word.Not)));
    });
    const operand = this.SUBRULE(this.comparison);
    return signs.reduceRight<Syntax>(
      (inner, at) => ({ type: 'unary', symbol: 'not', operand: inner, at }),
      operand,
    );
  });

  private comparison = this.RULE('comparison', (): Syntax => {
    let left = this.SUBRULE1(this.sum);
    this.MANY(() => {
      const symbol = this.CONSUME(word.Comparison);
      const right = this.SUBRULE2(this.sum);
      left = { type: 'binary', symbol: symbol.image as BinarySymbol, left, right, at: positionOf(symbol) };
    });
    return left;
  });

  private sum = this.RULE('sum', (): Syntax => {
    let left = this.SUBRULE1(this.product);
    this.MANY(() => {
      const symbol = this.OR([
        { ALT: () => this.CONSUME(word.Plus) },
        { ALT: () => this.CONSUME(word.Minus) },
      ]);
      const right = this.SUBRULE2(this.product);
      left = { type: 'binary', symbol: symbol.image as BinarySymbol, left, right, at: positionOf(symbol) };
    });
    return left;
  });

  private product = this.RULE('product', (): Syntax => {
    let left = this.SUBRULE1(this.signed);
    this.MANY(() => {
      const symbol = this.CONSUME(word.TimesOrDivide);
      const right = this.SUBRULE2(this.signed);
      left = { type: 'binary', symbol: symbol.image as BinarySymbol, left, right, at: positionOf(symbol) };
    });
    return left;
  });

  private signed = this.RULE('signed', (): Syntax => {
    const signs: Position[] = [];
    this.MANY(() => {
      signs.push(positionOf(this.CONSUME(word.Minus)));
    });
    const operand = this.SUBRULE(this.postfix);
    return signs.reduceRight<Syntax>(
      (inner, at) => ({ type: 'unary', symbol: '-', operand: inner, at }),
      operand,
    );
  });

  private postfix = this.RULE('postfix', (): Syntax => {
    let operand = this.SUBRULE(this.primary);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const at = positionOf(this.CONSUME(word.Dot));
            operand = { type: 'member', operand, name: this.CONSUME(word.Identifier).image, at };
          },
        },
        {
          ALT: () => {
            const at = positionOf(this.CONSUME(word.At));
            operand = { type: 'sampled', operand, timeframe: this.CONSUME(word.TimeframeName).image, at };
          },
        },
      ]);
    });
    return operand;
  });

  private primary = this.RULE('primary', (): Syntax => {
    return this.OR([
      {
        ALT: (): Syntax => {
          const literal = this.CONSUME(word.NumberLiteral);
          return { type: 'number', value: Number(literal.image), at: positionOf(literal) };
        },
      },
      {
        ALT: (): Syntax => {
          this.CONSUME1(word.LeftParenthesis);
          const inner = this.SUBRULE1(this.either);
          this.CONSUME1(word.RightParenthesis);
          return inner;
        },
      },
      { ALT: (): Syntax => this.SUBRULE(this.nameOrCall) },
    ]);
  });

  private nameOrCall = this.RULE('nameOrCall', (): Syntax => {
    const name = this.CONSUME(word.Identifier);
    const at = positionOf(name);
    const call = this.OPTION(() => {
      const values: Syntax[] = [];
      this.CONSUME(word.LeftParenthesis);
      this.MANY_SEP({ SEP: word.Comma, DEF: () => values.push(this.SUBRULE(this.either)) });
      this.CONSUME(word.RightParenthesis);
      return values;
    });
    return call === undefined
      ? { type: 'name', name: name.image, at }
      : { type: 'call', name: name.image, arguments: call, at };
  });
}

/** One parser for all: building it analyses the grammar, and parsing is synchronous. */
export const strategyParser = new StrategyParser();
