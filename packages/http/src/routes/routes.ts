import { exportEvents } from './export';
import { getMetrics } from './metrics';
import { createOpenApiRoute } from './openapi';
import { getHistogram, listFacets } from './counts';
import { logEvents } from './log-events';
import { getEvent, getEventById, queryEvents } from './query-events';
import type { Route } from './route';
import { getLiveness, getReadiness, getStatus } from './status';
import { tailEvents } from './tail';
import { createView, deleteView, listViews, updateView } from './views';

/** All endpoints of the API. */
export const ROUTES: readonly Route[] = [
  logEvents,
  queryEvents,
  getEvent,
  getEventById,
  getHistogram,
  listFacets,
  tailEvents,
  exportEvents,
  listViews,
  createView,
  updateView,
  deleteView,
  getStatus,
  getLiveness,
  getReadiness,
  getMetrics,
  createOpenApiRoute(() => ROUTES),
];
