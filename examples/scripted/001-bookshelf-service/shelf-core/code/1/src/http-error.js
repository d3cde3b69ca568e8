/** An answer that is not a success; thrown by handlers, turned into JSON by the server. */
export class HttpError extends Error {
  constructor(status, message, more = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}
