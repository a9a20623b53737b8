import type { ServiceView } from '@onefeed/contracts';
import { statList } from './stat-list.ts';

/** Figures shown of each; feed and engine have panels of their own. */
const SHOWN = 6;

/** Every process: whether it is ready, why not, and its figures. */
export function Services({ services }: { services: readonly ServiceView[] | undefined }) {
  return (
    <section className="neon-panel neon-services" aria-label="Services">
      <h2>Services</h2>
      {services === undefined || services.length === 0 ? (
        <p className="neon-caption">no process has spoken yet</p>
      ) : (
        <ul>
          {services.map((service) => (
            <Service key={`${service.service}:${service.instance}`} service={service} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Service({ service }: { service: ServiceView }) {
  const state = service.silent ? 'silent' : service.ready ? 'ready' : 'degraded';
  const figures = statList(service.figures);
  const shown = figures.slice(0, SHOWN);
  return (
    <li className={`neon-service neon-service-${state}`} data-testid="service" data-state={state}>
      <p className="neon-service-head">
        <strong>{service.service}</strong>
        <span>{state}</span>
      </p>
      {service.reasons.length > 0 && <p className="neon-reasons">{service.reasons.join('; ')}</p>}
      <p className="neon-caption">
        {shown.map((figure) => `${figure.label} ${figure.value}`).join(' · ')}
        {figures.length > SHOWN && ` · ${figures.length - SHOWN} more`}
      </p>
    </li>
  );
}
