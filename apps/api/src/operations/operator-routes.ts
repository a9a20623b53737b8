import type { Bus } from '@onefeed/bus';
import {
  AdminBotsAnswer,
  AdminEngineAnswer,
  AdminFeedsAnswer,
  AdminOverview,
  AdminUsersAnswer,
  AuditAnswer,
  KillSwitch,
  KillSwitchAnswer,
} from '@onefeed/contracts';
import type {
  AuditRepository,
  KillSwitchRepository,
  OperationsQueries,
  StreamDemandRepository,
} from '@onefeed/db';
import { Type } from 'typebox';
import type { Audit } from '../accounts/audit.ts';
import { callerOf } from '../http/access.ts';
import { PageQuery, toSlice, writeCursor } from '../http/paging.ts';
import type { RouteApp } from '../http/route-app.ts';
import type { Overview } from './overview.ts';

const MAX_LISTED_RULES = 200;
const admin = { access: 'admin' } as const;
const success = true as const;

/** For operators only. */
export function operatorRoutes(
  app: RouteApp,
  deps: {
    overview: Overview;
    operations: OperationsQueries;
    demand: Pick<StreamDemandRepository, 'activeDemand'>;
    killSwitch: KillSwitchRepository;
    auditLog: AuditRepository;
    audit: Audit;
    bus: Pick<Bus, 'publish'>;
  },
): void {
  app.get(
    '/api/admin/overview',
    {
      config: admin,
      schema: { response: { 200: Type.Object({ success: Type.Literal(true), overview: AdminOverview }) } },
    },
    async () => ({ success, overview: await deps.overview.read() }),
  );

  app.get(
    '/api/admin/bots',
    { config: admin, schema: { querystring: PageQuery, response: { 200: AdminBotsAnswer } } },
    async (request) => {
      const part = await deps.operations.bots(toSlice(request.query));
      return { success, bots: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/admin/feeds',
    { config: admin, schema: { response: { 200: AdminFeedsAnswer } } },
    async () => {
      const [services, demand] = await Promise.all([deps.overview.services(), deps.demand.activeDemand()]);
      return {
        success,
        services: services.filter(({ service }) => service === 'feed-gateway' || service === 'market-sim'),
        demand,
      };
    },
  );

  app.get(
    '/api/admin/engine',
    { config: admin, schema: { response: { 200: AdminEngineAnswer } } },
    async () => {
      const [services, rules] = await Promise.all([
        deps.overview.services(),
        deps.operations.rules(MAX_LISTED_RULES),
      ]);
      return {
        success,
        services: services.filter(({ service }) => service === 'analysis-engine' || service === 'bot-runner'),
        rules,
      };
    },
  );

  app.get(
    '/api/admin/users',
    { config: admin, schema: { querystring: PageQuery, response: { 200: AdminUsersAnswer } } },
    async (request) => {
      const part = await deps.operations.users(toSlice(request.query));
      return { success, users: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/admin/audit',
    { config: admin, schema: { querystring: PageQuery, response: { 200: AuditAnswer } } },
    async (request) => {
      const part = await deps.auditLog.list(toSlice(request.query));
      return { success, entries: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/admin/kill-switch',
    { config: admin, schema: { response: { 200: KillSwitchAnswer } } },
    async () => ({
      success,
      killSwitch: await deps.killSwitch.get(),
    }),
  );

  app.post(
    '/api/admin/kill-switch',
    { config: admin, schema: { body: KillSwitch, response: { 200: KillSwitchAnswer } } },
    async (request) => {
      await deps.killSwitch.set(request.body);
      deps.bus.publish('control', 'control.api', { type: 'settingsChanged' });
      const { userId } = callerOf(request);
      await deps.audit.record({ userId, action: 'platform.kill_switch', detail: request.body });
      return { success, killSwitch: request.body };
    },
  );
}
