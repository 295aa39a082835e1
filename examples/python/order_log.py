#!/usr/bin/env python3
"""Works with the Allegro order log with nothing but `requests` and the standard library.

    ORDER_LOG_URL=http://127.0.0.1:3000 ORDER_LOG_TOKEN=<access token or machine key> python3 order_log.py

Lists the orders that wait for the warehouse page by page, marks some of them, follows the feed until it tells of
each, and verifies the webhook in WEBHOOK_EXAMPLE (`{"secret", "headers", "body"}`) where there is one.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from typing import Iterator, Optional

import requests

TIMEOUT_S = 30  # the service answers within that, or says why not
TRIES = 4  # of one call that is refused for the moment
PASSING = (429, 503)  # over the limit, or not there for a moment


class OrderLogError(Exception):
    """A refusal (RFC 9457): branch on `code`, show `detail`."""

    def __init__(self, response: requests.Response) -> None:
        problem = response.json() if "json" in response.headers.get("content-type", "") else {}
        self.status = response.status_code
        self.code = problem.get("code", "UNKNOWN")
        self.detail = problem.get("detail", response.reason)
        super().__init__(f"{self.status} {self.code}: {self.detail}")


class OrderLog:
    """One caller of one service."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base = base_url.rstrip("/") + "/api/v1"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **kwargs) -> requests.Response:
        """Repeats what was refused for the moment; the key makes a changing call safe to repeat."""
        headers = dict(kwargs.pop("headers", {}))
        if method in ("POST", "PATCH"):
            headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        for made in range(1, TRIES + 1):
            response = self._session.request(method, self._base + path, headers=headers, timeout=TIMEOUT_S, **kwargs)
            if response.status_code not in PASSING or made == TRIES:
                break
            time.sleep(int(response.headers.get("Retry-After", "1")))
        if not response.ok:
            raise OrderLogError(response)
        return response

    def accounts(self) -> list:
        return self.call("GET", "/tokens", params={"active_only": "true"}).json()["tokens"]

    def orders(self, token_id: str, **filters) -> Iterator[dict]:
        """Every order that matches, page by page; orders that arrive meanwhile move no page."""
        params = {"token_id": token_id, "limit": 50, **filters}
        while True:
            page = self.call("GET", "/orders", params=params).json()
            yield from page["orders"]
            if page["next_cursor"] is None:
                return
            params["cursor"] = page["next_cursor"]

    def mark_stock(self, token_id: str, order_id: str) -> bool:
        """Sets the stock flag only while the flags are as we read them; False: somebody was faster."""
        params = {"token_id": token_id}
        seen = self.call("GET", f"/orders/{order_id}/technical-flags", params=params)
        try:
            self.call(
                "PATCH",
                f"/orders/{order_id}/stock-status",
                params=params,
                headers={"If-Match": seen.headers["ETag"]},
                json={"is_stock_updated": True},
            )
        except OrderLogError as error:
            if error.code == "FLAGS_CHANGED":
                return False
            raise
        return True

    def now(self, token_id: str) -> str:
        """The place in the feed behind everything that has happened."""
        return self.call("GET", "/changes", params={"token_id": token_id, "after": "now"}).json()["next"]

    def changes(self, token_id: str, after: str) -> Iterator[dict]:
        """Every change behind the place, in order, without end; keep the `id` of what you have handled, and go on there."""
        while True:
            page = self.call("GET", "/changes", params={"token_id": token_id, "after": after, "wait": 20}).json()
            yield from page["changes"]
            after = page["next"]


def verify_webhook(secret: str, headers: dict, body: bytes, now: Optional[float] = None) -> dict:
    """The event of a webhook (Standard Webhooks 1.0); header names in lower case. ValueError unless it is the service's."""
    if abs((time.time() if now is None else now) - int(headers["webhook-timestamp"])) > 300:
        raise ValueError("too old or too new")
    signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
    key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else secret)
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [part.split(",", 1)[1] for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    if not any(hmac.compare_digest(expected, one) for one in given):
        raise ValueError("not signed with this secret")
    return json.loads(body)


def verify_example(example: dict) -> None:
    body = example["body"].encode()
    event = verify_webhook(example["secret"], example["headers"], body)
    print(f'webhook {event["type"]}: signature verified')
    try:
        verify_webhook(example["secret"], example["headers"], body + b" ")
    except ValueError:
        print("webhook with another body: refused")
    else:
        raise SystemExit("a webhook that was changed on its way was taken")


def main() -> None:
    log = OrderLog(os.environ.get("ORDER_LOG_URL", "http://127.0.0.1:3000"), os.environ["ORDER_LOG_TOKEN"])
    accounts = log.accounts()
    if not accounts:
        sys.exit("No account is connected yet.")
    token_id = accounts[0]["id"]
    place = log.now(token_id)
    waiting = [order["allegro_order_id"] for order in log.orders(token_id, stock_updated="false", order_status="READY_FOR_PROCESSING")]
    print(f"{len(waiting)} orders wait for the warehouse")
    marked = {order_id for order_id in waiting[:3] if log.mark_stock(token_id, order_id)}
    untold = set(marked)
    for change in log.changes(token_id, place):
        if change["order_id"] in untold and "order.flags_changed" in change["topics"]:
            untold.discard(change["order_id"])
            print(f'told of {change["order_id"]}')
        if not untold:
            break
    if "WEBHOOK_EXAMPLE" in os.environ:
        verify_example(json.loads(os.environ["WEBHOOK_EXAMPLE"]))
    print(f"done: {len(marked)} orders")


if __name__ == "__main__":
    main()
