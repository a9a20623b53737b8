import { describeBusContract } from './bus-contract.ts';
import { createMemoryBus, createMemoryHub } from './memory-bus.ts';

describeBusContract('memory', async () => {
  const hub = createMemoryHub();
  return {
    connect: (onSubscriberError) =>
      createMemoryBus(hub, { channels: ['market', 'control'], onSubscriberError }),
    inject: async (channel, text) => hub.inject(channel, text),
    disrupt: async () => {
      hub.interrupt();
      hub.resume();
    },
    poll: hub.poll,
    close: async () => {},
  };
});
