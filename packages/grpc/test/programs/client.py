"""A client in another language, written from proto/ and the documentation alone.

Usage: client.py <folder of the generated code> <address> <a text file>
Prints one JSON object per finished step. Exits with 1 and a traceback when a check fails.
"""

import itertools
import json
import sys
import time

generated, address, log_file = sys.argv[1:4]
sys.path.insert(0, generated)

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from logger import log_pb2, log_pb2_grpc
from vigilant.v1 import error_pb2, event_pb2, event_service_pb2 as wire, event_service_pb2_grpc

LINES = 10_000
BATCH = 1_000
FIRST_SECOND = 1_700_000_000
DEADLINE = 20


def done(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


def equal(actual, expected, about):
    assert actual == expected, f"{about}: {actual!r} is not {expected!r}"


def failure_of(call):
    """Returns the status of a call that must fail, and its details by the name of their type."""
    try:
        call()
    except grpc.RpcError as error:
        kinds = (
            error_details_pb2.ErrorInfo,
            error_details_pb2.BadRequest,
            error_details_pb2.RetryInfo,
            error_pb2.Error,
        )
        details = {}
        for detail in rpc_status.from_call(error).details:
            for kind in kinds:
                if detail.Is(kind.DESCRIPTOR):
                    details[kind.DESCRIPTOR.name] = kind.FromString(detail.value)
        return error.code(), details
    raise AssertionError("The call did not fail.")


def query_all(events, **request):
    """Returns all events that match a filter, page by page."""
    found, token = [], ""
    while True:
        page = events.QueryEvents(wire.QueryEventsRequest(page_token=token, **request), timeout=DEADLINE)
        found.extend(page.events)
        token = page.next_page_token
        if token == "":
            return found, page


def log_every_field(events):
    event = event_pb2.Event(
        id="python-1",
        message="naïve ☃ 日本語 😀\n\t\"quoted\"",
        level=event_pb2.LEVEL_WARN,
        severity=-7,
        origin="web-1",
        source="checkout",
        type="event",
        group="shop",
        tags=["a", "b"],
    )
    event.timestamp.FromJsonString("2026-03-04T05:06:07.000250Z")
    event.data.update({"userId": 42, "ok": True, "none": None, "deep": {"list": [1, "two", {"three": 3.5}]}})
    equal(events.LogEvent(wire.LogEventRequest(event=event), timeout=DEADLINE).id, event.id, "id")
    found = events.GetEvent(wire.GetEventRequest(id=event.id), timeout=DEADLINE).event
    assert found.HasField("received_at") and found.sequence > 0, "fields that the server adds are missing"
    found.ClearField("received_at")
    found.ClearField("sequence")
    equal(found, event, "event")
    as_json = events.GetEvent(
        wire.GetEventRequest(id=event.id, data_format=event_pb2.DATA_FORMAT_JSON), timeout=DEADLINE
    ).event
    equal(json.loads(as_json.data_json), json_format.MessageToDict(event.data), "data as JSON")
    done("every field")


def log_as_before(channel):
    """Calls the service of the predecessor with the example of its documentation."""
    logs = log_pb2_grpc.LogServiceStub(channel)
    example = {
        "id": 1,
        "message": "This is a log message",
        "level": "INFO",
        "severity": 0,
        "timestamp": 1612345678,
        "origin": "localhost",
        "source": "source",
        "type": "log",
        "group": "default",
        "tags": "tag1,tag2",
        "data": {"fields": {"key1": "value1", "key2": "value2"}},
    }
    log = json_format.ParseDict(example, log_pb2.Log())
    assert logs.SendLog(log, timeout=DEADLINE).success
    equal(logs.GetLog(log_pb2.GetLogRequest(id=1), timeout=DEADLINE), log, "log by its id")
    request = log_pb2.GetLogsRequest(tags="tag2", level=log_pb2.INFO, timestamp=1612345678, origin="localhost")
    equal(list(logs.GetLogs(request, timeout=DEADLINE)), [log], "logs")
    done("older service")


def read_lines():
    """Returns 10,000 lines of a log. A shorter log is repeated with a counter before each line."""
    with open(log_file, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip("\n") for line in file]
    rounds = (f"{count}: {line}" if count else line for count in itertools.count() for line in lines)
    return list(itertools.islice(rounds, LINES))


def to_event(number, line):
    event = event_pb2.Event(
        id=f"line-{number}",
        message=line,
        level=number % 4 + 1,
        severity=number % 7,
        origin=f"host-{number % 3}",
        source=f"part-{number % 5}",
        type="line" if number % 2 else "even line",
        group=f"group {number % 11}",
        tags=[f"t{number % 6}", "log"],
        data_json=json.dumps({"number": number, "big": 9007199254740993 + number}).encode(),
    )
    event.timestamp.FromSeconds(FIRST_SECOND + number)
    return event


def log_batches(events, inputs):
    started = time.monotonic()
    for start in range(0, LINES, BATCH):
        request = wire.LogEventsRequest(events=inputs[start : start + BATCH])
        response = events.LogEvents(request, timeout=DEADLINE)
        equal(response.accepted, BATCH, "accepted")
        equal([result.id for result in response.results], [event.id for event in request.events], "ids")
    # Send the same events again, as after a lost response.
    again = events.LogEvents(wire.LogEventsRequest(events=inputs[:BATCH]), timeout=DEADLINE)
    equal(again.accepted, BATCH, "accepted again")
    done("batches", events=LINES, seconds=round(time.monotonic() - started, 1))


def query_by_each_field(events, inputs):
    everything, page = query_all(events, filter="tag:log", page_size=3_000)
    equal([event.id for event in everything], [event.id for event in reversed(inputs)], "newest first")
    equal([event.message for event in everything], [event.message for event in reversed(inputs)], "lines")
    assert page.freshness.complete and page.complete

    at = lambda number: f"{FIRST_SECOND + number}"
    word = inputs[0].message.split()[-1]
    filters = {
        "id:line-4711": lambda n, e: n == 4711,
        json.dumps(word, ensure_ascii=False): lambda n, e: word.lower() in e.message.lower(),
        "level:WARN": lambda n, e: e.level == event_pb2.LEVEL_WARN,
        "level>=WARN": lambda n, e: e.level >= event_pb2.LEVEL_WARN,
        "severity:3": lambda n, e: e.severity == 3,
        f"timestamp>={at(100)} timestamp<{at(200)}": lambda n, e: 100 <= n < 200,
        "origin:host-1": lambda n, e: e.origin == "host-1",
        "source:part-2": lambda n, e: e.source == "part-2",
        "type:line": lambda n, e: e.type == "line",
        'group:"group 10"': lambda n, e: e.group == "group 10",
        "tag:t4": lambda n, e: "t4" in e.tags,
        "data.number>9989": lambda n, e: n > 9989,
        f"data.big:{9007199254740993 + 5}": lambda n, e: n == 5,
        "level:ERROR origin:host-0 -tag:t0": lambda n, e: e.level == 4 and e.origin == "host-0" and "t0" not in e.tags,
    }
    for text, matches in filters.items():
        expected = [event.id for number, event in enumerate(inputs) if matches(number, event)]
        found, _ = query_all(events, filter=f"tag:log {text}", page_size=10_000, order=wire.ORDER_OLDEST)
        assert expected, f"{text} has nothing to find"
        equal([event.id for event in found], expected, text)
    since = wire.QueryEventsRequest(filter="tag:log", since=at(9_990), until=at(9_995))
    equal(len(events.QueryEvents(since, timeout=DEADLINE).events), 5, "since and until")
    done("queries", filters=len(filters))
    return page.tail_cursor


def tail(events, cursor):
    stream = events.TailEvents(wire.TailEventsRequest(filter="source:tailed", cursor=cursor))
    first = next(stream)
    equal(first.WhichOneof("item"), "checkpoint", "first item")
    sent = [event_pb2.Event(id=f"tail-{number}", message="new", source="tailed") for number in range(3)]
    events.LogEvents(wire.LogEventsRequest(events=sent + [event_pb2.Event(message="other")]), timeout=DEADLINE)
    items = itertools.islice((item for item in stream if item.HasField("event")), 3)
    got = list(items)
    equal([item.event.id for item in got], [event.id for event in sent], "tail")
    stream.cancel()

    resumed = events.TailEvents(wire.TailEventsRequest(filter="source:tailed", cursor=got[0].cursor))
    # Events may repeat after a tail continues; compare their ids.
    new = (item for item in resumed if item.HasField("event") and item.event.id != got[0].event.id)
    equal([item.event.id for item in itertools.islice(new, 2)], ["tail-1", "tail-2"], "tail from a cursor")
    resumed.cancel()
    done("tails")


def see_errors(events):
    wrong = event_pb2.Event(message="m", level=99)
    code, details = failure_of(lambda: events.LogEvent(wire.LogEventRequest(event=wrong), timeout=DEADLINE))
    equal(code, grpc.StatusCode.INVALID_ARGUMENT, "code of a wrong level")
    equal(details["ErrorInfo"].reason, "VIGILANT_EVENT_INVALID", "reason")
    equal(details["ErrorInfo"].domain, "vigilant", "domain")
    [violation] = details["BadRequest"].field_violations
    equal((violation.field, violation.reason), ("level", "UNKNOWN_VALUE"), "violation")
    assert "ERROR" in violation.description, violation.description
    assert details["Error"].code == "VIGILANT_EVENT_INVALID" and not details["Error"].retryable

    batch = wire.LogEventsRequest(events=[event_pb2.Event(id="good", message="m"), wrong])
    response = events.LogEvents(batch, timeout=DEADLINE)
    equal((response.accepted, response.results[0].id), (1, "good"), "batch")
    equal(response.results[1].error.violations[0].field, "events[1].level", "field of a batch")

    query = wire.QueryEventsRequest(filter="card sorce:auth")
    code, details = failure_of(lambda: events.QueryEvents(query, timeout=DEADLINE))
    equal((code, details["Error"].position), (grpc.StatusCode.INVALID_ARGUMENT, 5), "wrong filter")
    code, details = failure_of(lambda: events.GetEvent(wire.GetEventRequest(id="none"), timeout=DEADLINE))
    equal((code, details["ErrorInfo"].reason), (grpc.StatusCode.NOT_FOUND, "VIGILANT_NOT_FOUND"), "no event")
    done("errors", description=violation.description)


with grpc.insecure_channel(address) as channel:
    service = event_service_pb2_grpc.EventServiceStub(channel)
    log_every_field(service)
    log_as_before(channel)
    lines = [to_event(number, line) for number, line in enumerate(read_lines())]
    log_batches(service, lines)
    tail(service, query_by_each_field(service, lines))
    see_errors(service)
