import type { Config } from './config/schema.ts';
import type { ApiRoutes } from './http/api.ts';
import { permissionRoutes } from './http/permissions.ts';
import { deploymentRoutes } from './http/progress.ts';
import type { OpenRooms } from './open-rooms.ts';
import type { AuditEntry } from './threads/ports.ts';

/** What `/api` offers. @param late its rooms come to be after the gateway */
export function createApiRoutes(
  { apiToken: token, permissionTimeoutSeconds: timeoutSeconds }: Config,
  late: { readonly rooms?: OpenRooms },
  redact: (text: string) => string,
  audit: (entry: AuditEntry) => void,
): { readonly token: string | undefined; readonly routes: readonly ApiRoutes[] } {
  return {
    token,
    routes: [
      permissionRoutes({ ask: () => late.rooms?.askPermission, timeoutSeconds }),
      deploymentRoutes({
        lab: () => late.rooms?.lab,
        redact,
        secured: token !== undefined,
        onRemoved: (target) => audit({ person: 'api', action: 'lab.cleanup', target, outcome: 'done' }),
      }),
    ],
  };
}
