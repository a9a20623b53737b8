import { type Child, readMetric } from './child.ts';

const SAMPLE_EVERY_MS = 1_000;

/** Resident memory of the processes, sampled while they live. */
export interface MemoryWatch {
  stop(): void;
  /** MiB of each process that was seen to its present age, oldest first. */
  series(): ReadonlyMap<string, readonly number[]>;
}

export function watchMemory(processes: () => readonly Child[]): MemoryWatch {
  const samples = new Map<string, number[]>();
  const timer = setInterval(() => {
    for (const child of processes()) {
      child.metrics().then(
        (text) => {
          const bytes = readMetric(text, 'onefeed_process_resident_memory_bytes');
          if (bytes === 0) return;
          const list = samples.get(child.name) ?? [];
          samples.set(child.name, list);
          list.push(bytes / 1024 / 1024);
        },
        // Just being killed or started.
        () => {},
      );
    }
  }, SAMPLE_EVERY_MS);
  return { stop: () => clearInterval(timer), series: () => samples };
}

/** How the memory of one process went. All in MiB. */
export interface MemoryTrend {
  samples: number;
  /** Medians of the second and the last quarter: the first is warm-up. */
  settled: number;
  end: number;
  growth: number;
  peak: number;
}

/** Null when the process did not live long enough to tell. */
export function trendOf(series: readonly number[], atLeast = 24): MemoryTrend | null {
  if (series.length < atLeast) return null;
  const quarter = Math.floor(series.length / 4);
  const settled = median(series.slice(quarter, 2 * quarter));
  const end = median(series.slice(-quarter));
  return { samples: series.length, settled, end, growth: end - settled, peak: Math.max(...series) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
