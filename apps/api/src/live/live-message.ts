import { textFrame } from './text-frame.ts';

/** One message of a channel: made into text once and framed once, however many read it. */
export interface LiveMessage {
  offset: number;
  /**
   * State channels: of two waiting messages with the same key only the later is sent to a slow reader; null: a
   * slow reader needs the whole state.
   */
  conflationKey: string | null;
  data: unknown;
  bytes: number;
  /** The complete WebSocket frame. Never changed after it is made. */
  frame(): Buffer;
  /** The data as JSON text. */
  dataText(): string;
}

export function createLiveMessage(
  channel: string,
  epoch: string,
  offset: number,
  data: unknown,
  conflationKey: string | null,
): LiveMessage {
  const dataText = JSON.stringify(data);
  let frame: Buffer | null = null;
  return {
    offset,
    conflationKey,
    data,
    bytes: dataText.length,
    frame: () => {
      frame ??= textFrame(
        `{"channel":${JSON.stringify(channel)},"epoch":"${epoch}","offset":${offset},"data":${dataText}}`,
      );
      return frame;
    },
    dataText: () => dataText,
  };
}
