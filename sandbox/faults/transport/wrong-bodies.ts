import { ALLEGRO_JSON, html, plainJson, reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

const LOGIN_PAGE = '<!doctype html><html lang="pl"><head><meta http-equiv="refresh" content="0;url=/logowanie"></head><body>Zaloguj się</body></html>';
const EDGE_PAGE = '<html><head><title>400 Bad Request</title></head><body><center><h1>400 Bad Request</h1></center></body></html>';
const CAPTCHA_PAGE = '<html><body>Please enable JS and disable any ad blocker<script src="/c.js"></script></body></html>';
const WRONG_JSON = ['{}', 'null', '[]', '{"errors":[]}', '{"errors":[{"code":null}]}', '"ok"'];

/** Answers that are no answers: pages, nothing, and JSON of another shape. */
export const wrongBodies: TransportFault = {
  before: ({ route, turn }, plan) => {
    if (plan.strikes('html200', route, turn)) return html(200, LOGIN_PAGE);
    if (plan.strikes('html400', route, turn)) return html(400, EDGE_PAGE);
    if (plan.strikes('captcha', route, turn)) {
      return plan.choose([true, false], 'captcha', route, turn) ? html(403, CAPTCHA_PAGE) : plainJson(403, { url: 'https://captcha.example.com/' });
    }
    if (plan.strikes('empty', route, turn)) return reply(200, ALLEGRO_JSON, '');
    if (plan.strikes('wrongjson', route, turn)) return reply(200, ALLEGRO_JSON, plan.choose(WRONG_JSON, 'wrongjson', route, turn));
    return null;
  },
};
