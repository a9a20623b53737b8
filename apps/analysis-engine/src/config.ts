import { CommonConfig } from '@onefeed/service-kit';

/** What analysis-engine reads from its environment: the database is all it knows of the world. */
export const AnalysisEngineConfig = CommonConfig;
export type AnalysisEngineConfig = CommonConfig;
