/** Returns the path of a method of the EventService. */
export const path = (method: string): string => `/vigilant.v1.EventService/${method}`;
