"""Makes calls with a public client of ThoughtSpot, as its package gives it, in one session.

    thoughtspot.py PACKAGE CLASS ADDRESS < CALLS

CALLS is a JSON array: [METHOD, {ARGUMENT: VALUE, …}] calls a method, [PROPERTY, VALUE] sets a property. Prints an array
with what each call returns, null for what is no JSON; for one that the server refused, the status and the body.
"""

import importlib
import json
import sys

import requests

package, name, address = sys.argv[1:]
client = getattr(importlib.import_module(package), name)(address)


def answer(member, value):
    if not isinstance(value, dict):
        return setattr(client, member, value)
    try:
        return getattr(client, member)(**value)
    except requests.HTTPError as error:
        return {"status": error.response.status_code, "body": error.response.text}


answers = [answer(*call) for call in json.load(sys.stdin)]
json.dump(answers, sys.stdout, default=lambda value: None)
