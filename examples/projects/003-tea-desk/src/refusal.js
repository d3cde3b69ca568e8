/** A wish that cannot be granted; thrown by handlers, answered as JSON. */
export class Refusal extends Error {
  constructor(status, message, more = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

/** The JSON object in a request's text; anything else is refused with 400. */
export function jsonObject(body) {
  const value = parse(body);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Refusal(400, 'The body must be a JSON object.');
  }
  return value;
}

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
}
